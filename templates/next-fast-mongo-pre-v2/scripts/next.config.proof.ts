// Lies over the application's own configuration, which is renamed to next.config.app.*, when the
// proof builds a copy of the application for production.
import type { NextConfig } from "next";
import * as application from "./next.config.app";

type Configured = NextConfig | ((phase: string, context: unknown) => NextConfig | Promise<NextConfig>);

export default async function config(phase: string, context: unknown): Promise<NextConfig> {
  const exported = application as { default?: Configured };
  const configured = exported.default ?? {};
  const own = typeof configured === "function" ? await configured(phase, context) : configured;
  return {
    ...own,
    distDir: ".next",
    typescript: { ...own.typescript, ignoreBuildErrors: true }, // another check sees to the types
    // node_modules is a link that leads out of the copy
    outputFileTracingRoot: "/home/user",
    turbopack: { ...own.turbopack, root: "/home/user" },
  };
}
