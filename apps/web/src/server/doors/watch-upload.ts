import type { IncomingMessage } from "node:http";

import type { HttpLimits } from "./http-limits.ts";

type UploadLimits = Pick<HttpLimits, "uploadWindowMs" | "uploadWindowBytes"> & {
  readonly maxBytes: number;
};

/**
 * Cut an upload off that is larger than its door allows, or that trickles.
 *
 * An upload that its reader holds back is not slow: then we are.
 */
export function watchUpload(request: IncomingMessage, limits: UploadLimits): void {
  let sizeBytes = 0;
  let sizeBefore = 0;
  const push = request.push.bind(request);
  request.push = (chunk: Uint8Array | null) => {
    if (chunk === null) {
      clearInterval(timer);
      return push(null);
    }
    sizeBytes += chunk.byteLength;
    if (sizeBytes <= limits.maxBytes) return push(chunk);
    request.socket.destroy();
    return true;
  };
  const timer = setInterval(() => {
    const isHeldBack = request.readableLength >= request.readableHighWaterMark;
    const isSlow = sizeBytes - sizeBefore < limits.uploadWindowBytes;
    if (isSlow && !isHeldBack) request.socket.destroy();
    sizeBefore = sizeBytes;
  }, limits.uploadWindowMs);
  timer.unref();
  request.once("close", () => clearInterval(timer));
}
