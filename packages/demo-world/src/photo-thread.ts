/** @file A thread that renders photographs on order. */
import { platform, setPriority } from "node:os";
import { parentPort } from "node:worker_threads";

import { requireDemoProduct } from "./demo-products.ts";
import type { PhotoReply, PhotoRequest } from "./photo-studio.ts";

/** Rendering takes every core that nobody else wants, and no more. */
const NICENESS = 10;
// On Linux this concerns the calling thread alone, elsewhere it would slow down the whole process.
if (platform() === "linux") setPriority(NICENESS);

parentPort?.on("message", ({ id, product, order }: PhotoRequest) => {
  const reply = (message: PhotoReply, transfer: readonly ArrayBuffer[]): void => {
    parentPort?.postMessage(message, [...transfer]);
  };
  try {
    const { pixels, mask } = requireDemoProduct(product).render(order);
    const transfer = [pixels, mask].flatMap((plane) =>
      plane === null ? [] : [plane.buffer as ArrayBuffer],
    );
    reply({ id, picture: { pixels, mask } }, transfer);
  } catch (error) {
    reply({ id, error: error instanceof Error ? error.message : String(error) }, []);
  }
});
