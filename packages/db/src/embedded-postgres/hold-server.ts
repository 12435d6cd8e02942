import { Client } from "pg";

/** Any number will do, as long as it stays the same. */
const OWNER_LOCK = 7_100_226;

/**
 * Become the one process that owns a running server, or null when another is.
 *
 * The claim is a lock of an open connection: it ends with the process, however
 * that ends, and no number in a file can be mistaken for a living owner.
 */
export async function holdServer(url: string): Promise<{ release(): Promise<void> } | null> {
  const client = new Client({ connectionString: url, application_name: "loupe-owner" });
  // The server going away ends the claim; that is no error of its owner's.
  client.on("error", () => undefined);
  await client.connect();
  const { rows } = await client.query<{ held: boolean }>(
    "select pg_try_advisory_lock($1) as held",
    [OWNER_LOCK],
  );
  if (rows[0]?.held !== true) {
    await client.end();
    return null;
  }
  return { release: () => client.end().catch(() => undefined) };
}
