import { setImmediate as nextTurn } from "node:timers/promises";

const CHUNK = 1 << 20;

/** Scores in the order added, in chunks, so that growing never copies. */
class ScoreList {
  readonly chunks: Float32Array[] = [];
  length = 0;

  push(value: number): void {
    const used = this.length % CHUNK;
    if (used === 0) this.chunks.push(new Float32Array(CHUNK));
    this.chunks[this.chunks.length - 1]![used] = value;
    this.length++;
  }

  /** The filled part of each chunk. */
  *filled(): Generator<Float32Array> {
    for (const [i, chunk] of this.chunks.entries()) {
      yield chunk.subarray(0, Math.min(CHUNK, this.length - i * CHUNK));
    }
  }

  concatenated(): Float32Array {
    const all = new Float32Array(this.length);
    let offset = 0;
    for (const part of this.filled()) {
      all.set(part, offset);
      offset += part.length;
    }
    return all;
  }
}

/** Upper 16 bits of a float, remapped so that a larger float never has a smaller key. */
function upperKey(bits: number): number {
  const upper = bits >>> 16;
  return upper & 0x8000 ? 0xffff - upper : upper | 0x8000;
}

/** Where each upper key's run begins in an ascending list; entry 65536 is its length. */
function runStarts(sorted: Float32Array): Uint32Array {
  const starts = new Uint32Array(65537);
  const bits = new Uint32Array(sorted.buffer, sorted.byteOffset, sorted.length);
  for (const value of bits) starts[upperKey(value) + 1]!++;
  for (let key = 1; key <= 65536; key++) starts[key]! += starts[key - 1]!;
  return starts;
}

/** First index in [low, high) of an ascending list whose value is ≥ (or, strictly, >) `value`. */
function lowerBound(
  sorted: Float32Array,
  value: number,
  range: { low: number; high: number; strict: boolean },
): number {
  let { low, high } = range;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const here = sorted[middle]!;
    if (here < value || (range.strict && here === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Exact area under the ROC curve over all pixels of many images, ties counting half.
 *
 * Only the anomalous scores are sorted; each normal score then looks up how many of them it
 * beats, within the few that share its 16 upper bits. Four bytes a pixel, O(n₊ log n₊ + n₋), and
 * the event loop gets its turn after every million pixels.
 */
export class PixelAuroc {
  readonly #positives = new ScoreList();
  readonly #negatives = new ScoreList();

  /** @param mask 1 where defective, or null when every pixel is normal; shape of `scores` */
  add(scores: Float32Array, mask: Uint8Array | null): void {
    if (mask !== null && mask.length !== scores.length) {
      throw new Error(`Expected a mask of ${scores.length} pixels, got ${mask.length}.`);
    }
    for (let i = 0; i < scores.length; i++) {
      // Adding zero turns -0 into +0, which must be one value for the bit-wise keys.
      const score = scores[i]! + 0;
      if (Number.isNaN(score)) throw new Error("Expected scores that are numbers, got NaN.");
      if (mask !== null && mask[i] !== 0) this.#positives.push(score);
      else this.#negatives.push(score);
    }
  }

  /** @returns null when only one class is present, since the area is undefined */
  async value(): Promise<number | null> {
    const positiveCount = this.#positives.length;
    const negativeCount = this.#negatives.length;
    if (positiveCount === 0 || negativeCount === 0) return null;

    const sorted = this.#positives.concatenated().sort();
    const starts = runStarts(sorted);
    // Twice the number of pairs that the normal pixel wins; exact below 2^53 pairs.
    let doubledLosses = 0;
    for (const chunk of this.#negatives.filled()) {
      const bits = new Uint32Array(chunk.buffer, chunk.byteOffset, chunk.length);
      for (let i = 0; i < chunk.length; i++) {
        const key = upperKey(bits[i]!);
        const low = starts[key]!;
        const high = starts[key + 1]!;
        const below = lowerBound(sorted, chunk[i]!, { low, high, strict: false });
        const upTo = lowerBound(sorted, chunk[i]!, { low: below, high, strict: true });
        doubledLosses += below + upTo;
      }
      await nextTurn();
    }
    return 1 - doubledLosses / 2 / positiveCount / negativeCount;
  }
}
