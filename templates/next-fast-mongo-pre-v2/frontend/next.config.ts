import type { NextConfig } from "next";

const backend = process.env.BACKEND_URL ?? "http://127.0.0.1:8000";
const previewHosts = (process.env.PREVIEW_HOSTS ?? "").split(",").filter(Boolean);

// Node 20 lacks this property, about which React would log an error at every start.
if (!("detached" in ArrayBuffer.prototype)) {
  // oxlint-disable-next-line no-extend-native
  Object.defineProperty(ArrayBuffer.prototype, "detached", {
    get(this: ArrayBuffer) {
      try {
        return new Uint8Array(this).length < 0;
      } catch {
        return true;
      }
    },
  });
}

const config: NextConfig = {
  // One origin: the browser only talks to Next, which passes /api on to FastAPI.
  rewrites: async () => [{ source: "/api/:path*", destination: `${backend}/api/:path*` }],
  // A development page on a host that is not named here is served but never becomes interactive.
  allowedDevOrigins: ["127.0.0.1", "localhost", "*.localhost", ...previewHosts],
  devIndicators: false,
  poweredByHeader: false,
  turbopack: {
    root: __dirname,
    rules: { "*.css": { loaders: ["./tailwind-loader.cjs"], as: "*.css" } },
  },
};

export default config;
