import { Client } from "pg";

/** Files of 16 MiB: the one in use and what stands ready. PostgreSQL keeps as many by itself (min_wal_size). */
const WANTED_FILES = 5;

/**
 * Have files for the write-ahead log ready before they are needed.
 *
 * PostgreSQL ends when it cannot make the next one. With some in reserve it goes on for a long while
 * on a full disk: what people do while they look and decide is little.
 */
export async function reserveWal(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ files: number }>(
      "select count(*)::int as files from pg_ls_waldir() where name ~ '^[0-9A-F]{24}$'",
    );
    const missing = WANTED_FILES - (rows[0]?.files ?? WANTED_FILES);
    if (missing <= 0) return;
    for (let file = 0; file < missing; file++) {
      // A switch does nothing in a file that holds nothing.
      await client.query("select pg_logical_emit_message(false, 'loupe', 'reserve')");
      await client.query("select pg_switch_wal()");
    }
    // Files that are no longer needed become the next ones.
    await client.query("checkpoint");
  } catch {
    // On a disk without room for them it works as before.
  } finally {
    await client.end().catch(() => undefined);
  }
}
