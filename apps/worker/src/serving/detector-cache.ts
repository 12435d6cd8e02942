import type { InputImage } from "@loupe/model";

import type { DetectorFile, ScoreNews } from "../compute/compute-tasks.ts";
import { ComputeThread } from "../compute/compute-thread.ts";

/** A detector that nobody has asked for this long gives its memory back. */
const IDLE_CLOSE_MS = 2 * 60_000;

/**
 * Scores images with the last detector kept open in a thread of its own.
 *
 * Batches wait for one another: one detector uses all of the machine's cores anyway.
 */
export class DetectorCache {
  #thread: ComputeThread | null = null;
  #idle: NodeJS.Timeout | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  /** Score images in order. Throws `ComputeError` when the detector cannot be opened or run. */
  async *score(
    detector: DetectorFile,
    images: readonly InputImage[],
    signal: AbortSignal,
  ): AsyncGenerator<ScoreNews, void, void> {
    const before = this.#turn;
    let endTurn = () => {};
    this.#turn = new Promise<void>((resolve) => {
      endTurn = resolve;
    });
    await before;
    clearTimeout(this.#idle);
    try {
      if (this.#thread?.isAlive !== true) this.#thread = new ComputeThread();
      yield* this.#thread.run("score", { detector, images }, signal);
    } finally {
      this.#idle = setTimeout(() => void this.close(), IDLE_CLOSE_MS);
      // An idle detector is no reason to keep a process alive that has nothing else to do.
      this.#idle.unref();
      endTurn();
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const thread = this.#thread;
    this.#thread = null;
    await thread?.close();
  }
}
