import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { z } from "zod";

import { processEnvironment } from "./env.ts";

/**
 * @file `npm run generate`: make the Prisma client in `src/generated`, unless it is there
 * already for this schema and this Prisma.
 */
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const MARK = fileURLToPath(new URL("./generated/schema-hash", import.meta.url));

const Manifest = z.object({ version: z.string(), bin: z.object({ prisma: z.string() }) });

const manifestPath = createRequire(import.meta.url).resolve("prisma/package.json");
const manifest = Manifest.parse(JSON.parse(await readFile(manifestPath, "utf8")));
const wanted = createHash("sha256")
  .update(manifest.version)
  .update(await readFile(join(ROOT, "prisma", "schema.prisma")))
  .digest("hex");
const present = await readFile(MARK, "utf8").catch(() => null);

if (present !== wanted) {
  const cli = join(dirname(manifestPath), manifest.bin.prisma);
  await promisify(execFile)(process.execPath, [cli, "generate"], {
    cwd: ROOT,
    env: {
      ...processEnvironment,
      // Generating never runs the schema engine, yet Prisma downloads it unless told that a file is it.
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: "1",
      CHECKPOINT_DISABLE: "1",
    },
  });
  await writeFile(MARK, wanted);
  process.stderr.write("Generated the database client.\n");
}
