// Lies over the application's own configuration, which is renamed to next.config.app.*, when the
// proof builds a copy of the application for production. Plain JavaScript: it may become an .mjs.
import * as application from "./next.config.app";

export default async function config(phase, context) {
  const configured = application.default ?? {};
  const own = typeof configured === "function" ? await configured(phase, context) : configured;
  return {
    ...own,
    distDir: ".next",
    output: undefined, // `next start` serves the whole build
    typescript: { ...own.typescript, ignoreBuildErrors: true }, // another check sees to the types
    // node_modules is a link that leads out of the copy
    outputFileTracingRoot: "/home/user",
    turbopack: { ...own.turbopack, root: "/home/user" },
  };
}
