import { setTimeout as sleep } from "node:timers/promises";

import type { SpawnedProcess } from "./spawn-process.ts";

type SuperviseOptions = {
  readonly start: () => SpawnedProcess;
  /** Called with what happened and the pause before the next start. */
  readonly onRestart: (ending: string, pauseMs: number) => void;
  readonly onStarted: (pid: number | undefined) => void;
};

export type Supervisor = {
  /** Stop it in good order and start it anew, for instance when its sources changed. */
  restart(): Promise<void>;
  /** Stop it for good. */
  stop(): Promise<void>;
};

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A process that lived this long is taken to have started well. */
const HEALTHY_AFTER_MS = 60_000;
const STOP_TIME_LIMIT_MS = 20_000;

/**
 * Keep a process running: whenever it ends it is started again, after a pause
 * that doubles while it keeps failing.
 */
export function supervise({ start, onRestart, onStarted }: SuperviseOptions): Supervisor {
  const stopping = new AbortController();
  let isWanted = false;
  let current = launch();
  const loop = keepRunning();

  function launch(): SpawnedProcess {
    const child = start();
    onStarted(child.pid);
    return child;
  }

  async function keepRunning(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    for (;;) {
      const startedAt = performance.now();
      const { describe } = await current.ended;
      if (stopping.signal.aborted) return;
      if (isWanted) isWanted = false;
      else {
        if (performance.now() - startedAt > HEALTHY_AFTER_MS) pauseMs = FIRST_PAUSE_MS;
        onRestart(describe, pauseMs);
        await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
        if (stopping.signal.aborted) return;
        pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
      }
      current = launch();
    }
  }

  return {
    restart: async () => {
      isWanted = true;
      await current.stop(STOP_TIME_LIMIT_MS);
    },
    stop: async () => {
      stopping.abort();
      await current.stop(STOP_TIME_LIMIT_MS);
      await loop;
    },
  };
}
