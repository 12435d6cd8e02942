import { setTimeout as sleep } from "node:timers/promises";

import type { SpawnedProcess } from "./spawn-process.ts";

type SuperviseOptions = {
  readonly start: () => SpawnedProcess;
  /** Called with what happened and the pause before the next start. */
  readonly onRestart: (ending: string, pauseMs: number) => void;
  readonly onStarted: (pid: number | undefined) => void;
  /** False: an ending is final, such as before a process has ever come up. Always true unless told. */
  readonly mayRestart?: () => boolean;
};

/** The ending after which a process was not started again, and what it had said. */
export type FinalEnding = { readonly describe: string; readonly lastLines: string };

/** Lines that tell why a process ended. */
const LAST_LINES = 20;

export type Supervisor = {
  /** Settles when the process ended and may not be started again; never once it was asked to stop. */
  readonly gaveUp: Promise<FinalEnding>;
  /** Stop it in good order and start it anew, for instance when its sources changed. */
  restart(): Promise<void>;
  /** Stop it for good. */
  stop(timeLimitMs?: number): Promise<void>;
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
export function supervise(options: SuperviseOptions): Supervisor {
  const { start, onRestart, onStarted, mayRestart = () => true } = options;
  const stopping = new AbortController();
  let giveUp: (ending: FinalEnding) => void = () => undefined;
  const gaveUp = new Promise<FinalEnding>((resolve) => (giveUp = resolve));
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
      else if (!mayRestart()) {
        giveUp({ describe, lastLines: current.lastLines(LAST_LINES) });
        return;
      } else {
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
    gaveUp,
    restart: async () => {
      isWanted = true;
      await current.stop(STOP_TIME_LIMIT_MS);
    },
    stop: async (timeLimitMs = STOP_TIME_LIMIT_MS) => {
      stopping.abort();
      await current.stop(timeLimitMs);
      await loop;
    },
  };
}
