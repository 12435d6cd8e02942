import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";

const NOT_SOURCES = new Set([
  "node_modules",
  ".next",
  ".turbo",
  "generated",
  "test-results",
  "next-env.d.ts",
]);
const TEST_FILE = /\.test\.tsx?$|\.tsbuildinfo$/;

/**
 * One hash over the names and contents of everything under some folders and files.
 *
 * Tests and what tools produce are left out: they change nothing that is built.
 *
 * @param root what the names are relative to, so that a moved clone hashes alike
 */
export async function hashSources(root: string, paths: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const path of [...paths].sort()) await addPath(hash, root, join(root, path));
  return hash.digest("hex");
}

async function addPath(hash: Hash, root: string, path: string): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOTDIR") return null;
    throw error;
  });
  if (entries === null) {
    hash.update(`\0${relative(root, path)}\0`);
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    return;
  }
  for (const { name } of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!NOT_SOURCES.has(name) && !TEST_FILE.test(name))
      await addPath(hash, root, join(path, name));
  }
}
