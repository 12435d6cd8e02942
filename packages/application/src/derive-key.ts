import { createHash } from "node:crypto";

/** A UUID (version 8, free use) that only this key and part give: an idempotency key made of another. */
export function deriveKey(key: string, part: string): string {
  const hex = createHash("sha256").update(`${key}/${part}`).digest("hex");
  const [a, b, c, d, e] = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(13, 16),
    hex.slice(17, 20),
    hex.slice(20, 32),
  ];
  return `${a}-${b}-8${c}-8${d}-${e}`;
}
