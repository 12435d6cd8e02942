import type { EncoderInfo } from "./encoder-info.ts";

/** What the sessions of an encoder may hold together. */
const MEMORY_BYTES = 2 ** 30;
/** A thread, its libraries and the activations of one picture. */
const SESSION_BYTES = 60 * 2 ** 20;
/** The weights as handed over, as parsed and as laid out for the kernels. */
const COPIES_OF_WEIGHTS = 2.5;

/** How an encoder is spread over the cores. */
export type EncoderSessions = {
  readonly sessions: number;
  /** Threads of each session. */
  readonly threads: number;
  /** Memory of all sessions together, about. */
  readonly memoryBytes: number;
};

/**
 * One session with one thread for each core, as far as memory allows; else fewer with more threads.
 *
 * Measured on one session: 57 MiB for 3 MiB of weights, 78 for 11, 140 for 34, 170 for 83 and 800
 * for 327.
 */
export function encoderSessions(
  { sizeBytes }: Pick<EncoderInfo, "sizeBytes">,
  cores: number,
): EncoderSessions {
  const sessionBytes = SESSION_BYTES + COPIES_OF_WEIGHTS * sizeBytes;
  const affordable = Math.max(1, Math.floor(MEMORY_BYTES / sessionBytes));
  const sessions = Math.min(Math.max(1, cores), affordable);
  return {
    sessions,
    threads: Math.max(1, Math.floor(cores / sessions)),
    memoryBytes: sessions * sessionBytes,
  };
}
