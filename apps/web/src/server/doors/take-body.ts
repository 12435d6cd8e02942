import type { IncomingMessage } from "node:http";

export type TakenBody = "whole" | "too large" | "too slow" | "gone";

/**
 * Wait until a body is there, in the request's own buffer, and of no more than so many bytes.
 *
 * Nobody else sees the request before that, so neither a large nor a slow body
 * costs more than this. What comes after a refusal is dropped.
 */
export function takeBody(
  request: IncomingMessage,
  { maxBytes, limitMs }: { maxBytes: number; limitMs: number },
): Promise<TakenBody> {
  return new Promise((resolve) => {
    let sizeBytes = 0;
    let isRefused = false;
    const settle = (taken: TakenBody): void => {
      clearTimeout(timer);
      isRefused ||= taken !== "whole";
      resolve(taken);
    };
    const timer = setTimeout(() => settle("too slow"), limitMs);
    request.once("close", () => settle("gone"));
    // Node's parser hands over what arrives by `push`; its answer says whether the parser goes on.
    const push = request.push.bind(request);
    request.push = (chunk: Uint8Array | null) => {
      if (chunk === null) {
        settle("whole");
        return push(null);
      }
      sizeBytes += chunk.byteLength;
      if (sizeBytes > maxBytes) settle("too large");
      if (!isRefused) push(chunk);
      return true;
    };
  });
}
