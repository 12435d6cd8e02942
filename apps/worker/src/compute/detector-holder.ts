import { openDetector, type Detector } from "@loupe/model";

import type { DetectorFile } from "./compute-tasks.ts";

/** Keeps the last detector of this thread open: batches of one model come one after the other. */
export class DetectorHolder {
  #held: { key: string; detector: Detector } | null = null;

  async open({ file, provider }: DetectorFile): Promise<Detector> {
    const key = JSON.stringify([file, provider]);
    if (this.#held?.key === key) return this.#held.detector;
    await this.close();
    const detector = await openDetector({ file, provider }).catch((error: unknown) => {
      // People know models by their number, and have no business with where the files lie.
      const message = error instanceof Error ? error.message : String(error);
      throw new Error(message.replaceAll(file, "this model"), { cause: error });
    });
    this.#held = { key, detector };
    return detector;
  }

  /** Free the sessions of what is held. */
  async close(): Promise<void> {
    const held = this.#held;
    this.#held = null;
    await held?.detector.close();
  }
}
