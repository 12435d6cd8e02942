import { setTimeout as sleep } from "node:timers/promises";

import { isAlive } from "../process/is-alive.ts";

export type KeptServer = {
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
};

type KeepOptions = {
  readonly server: KeptServer;
  /** Start it on the port that it had. */
  readonly startAgain: () => Promise<KeptServer>;
  readonly say: (sentence: string) => void;
  readonly onStarted: (pid: number) => void;
};

const LOOK_EVERY_MS = 500;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Keep a database server running: one that has ended by itself is started again, after a pause that
 * doubles while that fails, such as on a full disk.
 *
 * Whoever uses it waits and connects again; what was saved is there.
 */
export function keepServer(options: KeepOptions): { stop(): Promise<void> } {
  const { startAgain, say, onStarted } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let current: KeptServer | null = options.server;
  onStarted(current.pid);
  const loop = keepRunning();

  async function keepRunning(): Promise<void> {
    while (current !== null && (await isGone(current.pid, signal))) {
      current = null;
      say("PostgreSQL ended by itself; starting it again. Nothing that was saved is lost.");
      current = await startUntilItRuns();
      if (current === null) return;
      onStarted(current.pid);
      say("PostgreSQL runs again.");
    }
  }

  /** The server, or null when it was given up because everything is to stop. */
  async function startUntilItRuns(): Promise<KeptServer | null> {
    let lastSaid = "";
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs)) {
      try {
        return await startAgain();
      } catch (error) {
        const sentence = error instanceof Error ? error.message : String(error);
        if (sentence !== lastSaid) say(`It does not start yet: ${sentence} Trying on.`);
        lastSaid = sentence;
      }
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return null;
    }
  }

  return {
    stop: async () => {
      stopping.abort();
      await loop;
      await current?.stop();
    },
  };
}

/** True once no process has this number; false after the signal. */
async function isGone(pid: number, signal: AbortSignal): Promise<boolean> {
  while (isAlive(pid)) {
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return false;
  }
  return true;
}
