import { resolve } from "node:path";

import type { NextConfig } from "next";

const repositoryRoot = resolve(import.meta.dirname, "../..");

/** The headers of answers are the server's: `src/server/doors/answer-headers.ts`. */
const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  // The packages export TypeScript source; Next compiles them with the app.
  transpilePackages: [
    "@loupe/application",
    "@loupe/contracts",
    "@loupe/db",
    "@loupe/model",
    "@loupe/platform",
  ],
  // Native code, worker threads or module state of their own: loaded by Node, not bundled.
  serverExternalPackages: [
    "better-auth",
    "busboy",
    "file-type",
    "graphile-worker",
    "pg",
    "pino",
    "sharp",
  ],
  outputFileTracingRoot: repositoryRoot,
  turbopack: { root: repositoryRoot },
  // Types are a check of their own (`npm run types`); a build does not repeat it.
  typescript: { ignoreBuildErrors: true },
};

export default config;
