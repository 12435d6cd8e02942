import { setTimeout as sleep } from "node:timers/promises";

import { ExpectedFailure } from "../process/expected-failure.ts";

const TIME_LIMIT_MS = 90_000;
const PAUSE_MS = 100;
const ANSWER_LIMIT_MS = 10_000;

/** Wait until the web server answers that it and its database are well. */
export async function waitForHealth(address: string, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + TIME_LIMIT_MS;
  let last = "no answer";
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    try {
      const answer = await fetch(`${address}/api/health`, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_LIMIT_MS)]),
      });
      if (answer.ok) return;
      last = `status ${answer.status}`;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await sleep(PAUSE_MS, undefined, { signal });
  }
  throw new ExpectedFailure(
    `The web server did not come up within ${TIME_LIMIT_MS / 1000} s (${last}). Look into its log.`,
  );
}
