import type { MessagePort } from "node:worker_threads";

import type { ComputeKind, ComputeTasks, FromThread } from "./compute-tasks.ts";

type News = ComputeTasks[ComputeKind]["news"];

/** More unhandled news than this and the thread waits: maps of a megabyte must not pile up. */
const MOST_UNHANDLED = 32;

/** The thread's side of a task's news, with the job loop's pace as the limit. */
export class NewsPort {
  readonly #port: MessagePort;
  #unhandled = 0;
  #wake: (() => void) | null = null;

  constructor(port: MessagePort) {
    this.#port = port;
  }

  /** Post news; buffers in `transfer` move to the job loop and are gone here. */
  async post(news: News, transfer: readonly ArrayBuffer[] = []): Promise<void> {
    const message: FromThread = { type: "news", news };
    this.#unhandled += 1;
    this.#port.postMessage(message, transfer);
    await this.#waitFor(MOST_UNHANDLED - 1);
  }

  /** Wait until the job loop has dealt with everything posted, such as stored it. */
  async settle(): Promise<void> {
    await this.#waitFor(0);
  }

  markHandled(): void {
    this.#unhandled -= 1;
    this.#wake?.();
  }

  async #waitFor(most: number): Promise<void> {
    while (this.#unhandled > most) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#wake = null;
  }
}
