import { once } from "node:events";
import { Worker } from "node:worker_threads";

import { ComputeError } from "./compute-error.ts";
import type { ComputeKind, ComputeTasks, FromThread, ToThread } from "./compute-tasks.ts";
import { MessageQueue } from "./message-queue.ts";
import { threadCode } from "./thread-code.ts";

/** An aborted task, or a thread told to close, that has not ended by then is cut off. */
const PATIENCE_MS = 4_000;

/**
 * A thread that runs model work, one task at a time, and survives from task to task.
 *
 * Close it: a thread that is not closed keeps the process alive.
 */
export class ComputeThread {
  readonly #worker: Worker;
  readonly #exit: Promise<unknown>;
  #queue: MessageQueue<FromThread> | null = null;
  #death: Error | null = null;

  constructor() {
    this.#worker = new Worker(threadCode(new URL("./thread.ts", import.meta.url)), {
      eval: true,
      execArgv: [],
    });
    this.#exit = once(this.#worker, "exit").catch(() => undefined);
    this.#worker.on("message", (message: FromThread) => this.#queue?.push(message));
    this.#worker.on("error", (error: Error) => this.#die(error));
    this.#worker.on("exit", (code) =>
      this.#die(new Error(`The compute thread ended with code ${code} in the middle of its work.`)),
    );
  }

  /** True while a task is under way. */
  get isBusy(): boolean {
    return this.#queue !== null;
  }

  /** False once the thread has died or was closed. */
  get isAlive(): boolean {
    return this.#death === null;
  }

  /**
   * Run a task: yields its news and returns its result.
   *
   * News count as dealt with when the next are asked for. Throws the signal's reason after an
   * abort, once the task has come to its end, and `ComputeError` for every failure of the task.
   */
  async *run<K extends ComputeKind>(
    kind: K,
    input: ComputeTasks[K]["input"],
    signal: AbortSignal,
  ): AsyncGenerator<ComputeTasks[K]["news"], ComputeTasks[K]["result"], void> {
    signal.throwIfAborted();
    if (this.#death !== null) throw new ComputeError(this.#death);
    if (this.#queue !== null) throw new Error("Expected an idle compute thread, got a busy one.");
    const queue = new MessageQueue<FromThread>();
    this.#queue = queue;
    let patience: NodeJS.Timeout | undefined;
    const abort = () => {
      this.#post({ type: "abort" });
      patience = setTimeout(() => void this.#worker.terminate(), PATIENCE_MS);
    };
    signal.addEventListener("abort", abort, { once: true });
    let isOver = false;
    try {
      // One of the union by construction, which TypeScript cannot see through K.
      this.#post({ type: "start", kind, input } as ToThread);
      for (;;) {
        const message = await this.#nextOf(queue, signal);
        if (message.type === "news") {
          yield message.news;
          this.#post({ type: "handled" });
          continue;
        }
        isOver = true;
        if (message.type === "done") return message.result;
        signal.throwIfAborted();
        throw new ComputeError(message);
      }
    } finally {
      if (!isOver && this.#death === null) {
        abort();
        await this.#drain(queue);
      }
      signal.removeEventListener("abort", abort);
      clearTimeout(patience);
      this.#queue = null;
    }
  }

  /** Free the detector and end the thread. Abort the task under way first. */
  async close(): Promise<void> {
    if (this.#death !== null) return;
    this.#post({ type: "close" });
    const patience = setTimeout(() => void this.#worker.terminate(), PATIENCE_MS);
    await this.#exit;
    clearTimeout(patience);
  }

  #post(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  /** The next message; a thread that was cut off after an abort ends with the signal's reason. */
  async #nextOf(queue: MessageQueue<FromThread>, signal: AbortSignal): Promise<FromThread> {
    try {
      return await queue.next();
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  }

  /** The consumer left early: let the task's last messages pass. */
  async #drain(queue: MessageQueue<FromThread>): Promise<void> {
    // The news in hand was never acknowledged.
    this.#post({ type: "handled" });
    try {
      while ((await queue.next()).type === "news") this.#post({ type: "handled" });
    } catch {
      // The thread has died: there is nothing left to stop.
    }
  }

  #die(error: Error): void {
    this.#death ??= error;
    this.#queue?.fail(new ComputeError(this.#death));
  }
}
