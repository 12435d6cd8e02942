/**
 * The border of a region as straight segments between pixel corners.
 *
 * Runs along one line are joined, so a rectangle gives four segments. O(width · height).
 *
 * @param inside one byte a pixel, not 0 inside the region, shape [height, width]
 * @returns x1, y1, x2, y2 of each segment in pixels, shape [segments, 4]
 */
export function traceOutline(inside: Uint8Array, width: number, height: number): Float32Array {
  const segments: number[] = [];
  const isInside = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && inside[y * width + x] !== 0;

  for (let y = 0; y <= height; y++) {
    let start = -1;
    for (let x = 0; x <= width; x++) {
      const isBorder = x < width && isInside(x, y - 1) !== isInside(x, y);
      if (isBorder && start < 0) start = x;
      if (!isBorder && start >= 0) {
        segments.push(start, y, x, y);
        start = -1;
      }
    }
  }
  for (let x = 0; x <= width; x++) {
    let start = -1;
    for (let y = 0; y <= height; y++) {
      const isBorder = y < height && isInside(x - 1, y) !== isInside(x, y);
      if (isBorder && start < 0) start = y;
      if (!isBorder && start >= 0) {
        segments.push(x, start, x, y);
        start = -1;
      }
    }
  }
  return Float32Array.from(segments);
}
