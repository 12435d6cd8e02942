import { setTimeout as sleep } from "node:timers/promises";

/** Wait until a question is answered with something, asking again and again. */
export async function waitUntil<T>(
  what: string,
  ask: () => Promise<T | null | false | undefined>,
  timeoutMs = 120_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== false && answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs / 1000} s for ${what} in vain`);
    await sleep(20);
  }
}
