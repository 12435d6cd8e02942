import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

import { requireDemoProduct } from "./demo-products.ts";
import type { Photo, PhotoOrder } from "./render-photo.ts";

/** What a file needs of a photo. */
export type Picture = Pick<Photo, "pixels" | "mask">;

export type PhotoRequest = {
  readonly id: number;
  readonly product: string;
  readonly order: PhotoOrder;
};

export type PhotoReply =
  | { readonly id: number; readonly picture: Picture }
  | { readonly id: number; readonly error: string };

type Waiting = {
  readonly resolve: (picture: Picture) => void;
  readonly reject: (error: Error) => void;
};

/**
 * Code that starts `photo-thread.ts` in a thread that knows no TypeScript yet: Node 20 does not
 * pass tsx's loader on to threads.
 */
function threadCode(): string {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx/package.json"));
  const loader = new URL("./dist/esm/api/index.mjs", tsx).href;
  const thread = new URL("./photo-thread.ts", import.meta.url).href;
  return (
    `import(${JSON.stringify(loader)})` +
    `.then(({ register }) => { register(); return import(${JSON.stringify(thread)}); })`
  );
}

/** One rendering thread. */
class Booth {
  readonly #worker = new Worker(threadCode(), { eval: true, execArgv: [] });
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 0;
  #failure: Error | null = null;

  constructor() {
    this.#worker.on("message", (reply: PhotoReply) => {
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if ("error" in reply) waiting?.reject(new Error(reply.error));
      else waiting?.resolve(reply.picture);
    });
    this.#worker.on("error", (error) => {
      this.#fail(new Error(`A rendering thread failed: ${String(error)}`, { cause: error }));
    });
    this.#worker.on("exit", (code) => {
      this.#fail(new Error(`A rendering thread ended with code ${code}.`));
    });
  }

  get queued(): number {
    return this.#waiting.size;
  }

  render(product: string, order: PhotoOrder): Promise<Picture> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, product, order } satisfies PhotoRequest);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** Renders photographs in threads of its own, or in the caller's when it has none. */
export class PhotoStudio {
  readonly #booths: readonly Booth[];

  constructor(threads: number) {
    this.#booths = Array.from({ length: threads }, () => new Booth());
  }

  render(product: string, order: PhotoOrder): Promise<Picture> {
    const [first, ...others] = this.#booths;
    if (first === undefined) return Promise.resolve(requireDemoProduct(product).render(order));
    const idlest = others.reduce(
      (best, booth) => (booth.queued < best.queued ? booth : best),
      first,
    );
    return idlest.render(product, order);
  }

  /** End the threads; what is still under way fails. */
  async close(): Promise<void> {
    await Promise.all(this.#booths.map((booth) => booth.close()));
  }
}
