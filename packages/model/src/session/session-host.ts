import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

import type { ReplyMessage, SessionReply, SessionRequest } from "./protocol.ts";

type Waiting = {
  readonly resolve: (reply: SessionReply) => void;
  readonly reject: (error: Error) => void;
};

const openHosts = new Set<SessionHost>();

/** How many sessions have not been closed. Tests assert that it goes back to 0. */
export function openSessionCount(): number {
  return openHosts.size;
}

/**
 * Code that starts `session-thread.ts` in a thread that knows no TypeScript yet.
 *
 * Node 20 does not pass tsx's loader on to threads, so it is registered by its path: neither the
 * caller's folder nor its way of running TypeScript (tsx, vitest) matters. It is the loader for
 * `require`, since the one for `import` starts a second thread, which takes a third of the time.
 */
function threadCode(): string {
  const loader = createRequire(import.meta.url).resolve("tsx/cjs/api");
  const thread = fileURLToPath(new URL("./session-thread.ts", import.meta.url));
  return `require(${JSON.stringify(loader)}).register(); require(${JSON.stringify(thread)});`;
}

/** The caller's end of a session's thread: sends requests, matches replies, notices its death. */
export class SessionHost {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 0;
  #failure: Error | null = null;

  constructor() {
    this.#worker = new Worker(threadCode(), { eval: true, execArgv: [] });
    openHosts.add(this);
    this.#worker.on("message", (message: ReplyMessage) => {
      this.#settle(message);
    });
    this.#worker.on("error", (error: Error) => {
      this.#fail(`The session's thread failed: ${error.message}`);
    });
    this.#worker.on("exit", (code) => {
      this.#fail(`The session's thread ended with code ${code}.`);
    });
  }

  /** Send one request. Buffers in `transfer` are handed over and empty for the caller afterwards. */
  ask(request: SessionRequest, transfer: readonly ArrayBuffer[] = []): Promise<SessionReply> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, request }, [...transfer]);
    });
  }

  /** Free the session and end its thread. Closing twice is harmless. */
  async close(): Promise<void> {
    if (!openHosts.delete(this)) return;
    if (this.#failure !== null) return;
    const ended = new Promise((resolve) => this.#worker.once("exit", resolve));
    await this.ask({ type: "close" });
    await ended;
  }

  /** End the thread at once, whatever it is doing, and fail what waits for it. */
  async terminate(): Promise<void> {
    openHosts.delete(this);
    await this.#worker.terminate();
  }

  #settle(message: ReplyMessage): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ("error" in message) waiting?.reject(new Error(message.error));
    else waiting?.resolve(message.reply);
  }

  #fail(reason: string): void {
    this.#failure ??= new Error(`${reason} Open a new session to go on.`);
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
    openHosts.delete(this);
  }
}
