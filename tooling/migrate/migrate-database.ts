import { connectionAdvice } from "../process/connection-advice.ts";

/**
 * Bring a database's tables and queue to this version. Doing it again changes nothing, and several
 * who do it at once wait for each other.
 *
 * @returns one sentence for a person
 */
export async function migrateDatabase(url: string): Promise<string> {
  // Loaded here, since the generated client need not exist when the command starts.
  const [{ migrate, openDatabase }, { migrateQueue }] = await Promise.all([
    import("@loupe/db"),
    import("@loupe/platform"),
  ]);
  const applied = await migrate(url).catch((error: unknown) => {
    throw connectionAdvice(error);
  });
  const database = await openDatabase(url, { poolSize: 1 });
  try {
    await migrateQueue(database.pool);
  } finally {
    await database.close();
  }
  return applied.length === 0
    ? "The database is up to date."
    : `Applied ${applied.join(", ")}. The database is up to date.`;
}
