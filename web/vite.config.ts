import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const platform = process.env["PLATFORM"] ?? "http://localhost:8000";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": fileURLToPath(new URL("src", import.meta.url)) } },
  build: {
    outDir: "../src/stackwright/api/console",
    emptyOutDir: true,
    // The page's policy lets nothing in that is not a file of ours.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: ["index.html", "src/page-picture.ts"],
      // Pages of apps are given this one, by its name.
      output: { entryFileNames: ({ name }) => (name === "page-picture" ? "assets/page-picture.js" : "assets/[name]-[hash].js") },
    },
  },
  server: { proxy: { "/api": platform, "/health": platform, "/static": platform } },
});
