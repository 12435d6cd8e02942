/**
 * Stop one thing after the other, all of them: one that fails must not leave the rest running, least
 * of all the database.
 */
export async function stopAll(
  stops: readonly (() => Promise<void>)[],
  say: (sentence: string) => void,
): Promise<void> {
  for (const stop of stops) {
    try {
      await stop();
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  }
}
