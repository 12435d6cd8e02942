import type { MigrationList } from "@prisma/schema-engine-wasm";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { SchemaFile } from "./with-schema-engine.ts";

/** The project's `prisma` folder. */
const PRISMA_FOLDER = fileURLToPath(new URL("../../../../prisma/", import.meta.url));

/** The migrations of this version of Loupe, in the order in which they are applied. */
export async function readMigrations(): Promise<MigrationList> {
  const baseDir = join(PRISMA_FOLDER, "migrations");
  const entries = await readdir(baseDir, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return {
    baseDir,
    lockfile: {
      path: "migration_lock.toml",
      content: await readFile(join(baseDir, "migration_lock.toml"), "utf8"),
    },
    shadowDbInitScript: "",
    migrationDirectories: await Promise.all(
      names.sort().map(async (name) => ({
        path: name,
        migrationFile: {
          path: "migration.sql",
          content: {
            tag: "ok" as const,
            value: await readFile(join(baseDir, name, "migration.sql"), "utf8"),
          },
        },
      })),
    ),
  };
}

/** The schema that the migrations lead to. */
export async function readSchema(): Promise<SchemaFile> {
  const path = join(PRISMA_FOLDER, "schema.prisma");
  return { path, content: await readFile(path, "utf8") };
}
