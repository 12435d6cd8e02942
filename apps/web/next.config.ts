import { resolve } from "node:path";

import type { NextConfig } from "next";

const repositoryRoot = resolve(import.meta.dirname, "../..");

/** Sent with every answer. */
const SECURITY_HEADERS = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "same-origin" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=()" },
];

/** For pages. Routes under `/api` set a stricter one of their own, which this would replace. */
const PAGE_POLICY = {
  key: "Content-Security-Policy",
  value: "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
};

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  // The packages export TypeScript source; Next compiles them with the app.
  transpilePackages: ["@loupe/contracts", "@loupe/db", "@loupe/model", "@loupe/platform"],
  // Native code, worker threads or module state of their own: loaded by Node, not bundled.
  serverExternalPackages: ["better-auth", "busboy", "graphile-worker", "pg", "pino", "sharp"],
  outputFileTracingRoot: repositoryRoot,
  turbopack: { root: repositoryRoot },
  // Types are a check of their own (`npm run types`); a build does not repeat it.
  typescript: { ignoreBuildErrors: true },
  headers: () =>
    Promise.resolve([
      { source: "/(.*)", headers: SECURITY_HEADERS },
      { source: "/((?!api/).*)", headers: [PAGE_POLICY] },
    ]),
};

export default config;
