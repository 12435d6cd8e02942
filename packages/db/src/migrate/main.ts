import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startEmbeddedPostgres } from "../embedded-postgres/index.ts";
import { diffSchema } from "./diff-schema.ts";

/**
 * @file `npm run -s -w @loupe/db db:diff [OLD_SCHEMA_FILE]`: print the SQL of the next migration.
 *
 * Without a file it starts from nothing, which is how `0001_init` was made.
 * With one, such as `git show HEAD:prisma/schema.prisma > /tmp/old.prisma`, it
 * prints what has changed since.
 */
const [path] = process.argv.slice(2);
const old = path === undefined ? null : { path, content: await readFile(path, "utf8") };
const folder = await mkdtemp(join(tmpdir(), "loupe-diff-"));
// mkdtemp closes the folder to others, and as root the server is someone else.
await chmod(folder, 0o711);
const server = await startEmbeddedPostgres({ dataDir: join(folder, "postgres"), isDurable: false });
try {
  process.stdout.write(await diffSchema(server.url, old));
} finally {
  await server.stop();
  await rm(server.dataDir, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
}
