import { AppError } from "@loupe/contracts";

import { DecodingLane } from "./decoding-lane.ts";
import { estimateDecoding, type DecodingEstimate } from "./estimate-decoding.ts";

export type PictureGateLimits = {
  /** The most that one picture, and all large ones together, may hold while they are decoded. */
  readonly heldBytes: number;
  /** Pictures that hold at most this do not wait behind large ones. */
  readonly smallBytes: number;
  /** Of each size; the rest of Node's four threads are for files. */
  readonly atOnce: number;
  /** Pictures that may wait for their turn; the next one is refused. */
  readonly waiting: number;
};

/** Every 8-bit picture of the 100 megapixels that an import takes can be decoded. */
export const PICTURE_GATE_LIMITS: PictureGateLimits = {
  heldBytes: 400_000_000,
  smallBytes: 32_000_000,
  atOnce: 2,
  waiting: 1_000,
};

const RETRY_AFTER_SECONDS = 5;

const REASONS = {
  interlaced: "an interlaced one",
  turned: "one that lies on its side",
  format: "one",
} as const;

/**
 * The one place of a process where pictures are decoded.
 *
 * It counts what pictures will hold in memory, by their headers, not how many there are: a small
 * file can be a large picture. One that alone would hold too much is refused; others wait for
 * their turn, small ones beside large ones.
 */
export class PictureGate {
  readonly #limits: PictureGateLimits;
  readonly #large: DecodingLane;
  readonly #small: DecodingLane;

  constructor(limits: PictureGateLimits = PICTURE_GATE_LIMITS) {
    const { heldBytes, smallBytes, atOnce } = limits;
    this.#limits = limits;
    this.#large = new DecodingLane({ bytes: heldBytes, atOnce });
    this.#small = new DecodingLane({ bytes: atOnce * smallBytes, atOnce });
  }

  /** Pictures that wait for their turn. */
  get waiting(): number {
    return this.#large.waiting + this.#small.waiting;
  }

  /**
   * Run `work`, which decodes the picture at `path`, when there is room for it.
   *
   * @throws AppError TOO_LARGE for a picture that would hold too much, TOO_MANY_REQUESTS when too
   *   many wait, and the signal's reason when it is aborted while waiting
   */
  async decode<T>(path: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const estimate = await estimateDecoding(path);
    if (estimate !== null && estimate.bytes > this.#limits.heldBytes) {
      throw tooLarge(estimate, this.#limits.heldBytes);
    }
    if (this.waiting >= this.#limits.waiting) throw tooMany();
    const bytes = estimate?.bytes ?? 0;
    const lane = bytes > this.#limits.smallBytes ? this.#large : this.#small;
    const leave = await lane.enter(bytes, signal);
    try {
      return await work();
    } finally {
      leave();
    }
  }
}

function tooLarge(estimate: DecodingEstimate, heldBytes: number): AppError {
  const { width, height, bytes, heldWhole } = estimate;
  const advice = heldWhole === "interlaced" ? "Save it without interlacing, or scale" : "Scale";
  return new AppError(
    "TOO_LARGE",
    `Expected a picture that takes at most ${megabytes(heldBytes)} MB to decode, got ` +
      `${REASONS[heldWhole ?? "format"]} of ${width} × ${height} that takes ${megabytes(bytes)} MB. ` +
      `${advice} it down.`,
  );
}

function tooMany(): AppError {
  return new AppError(
    "TOO_MANY_REQUESTS",
    "Too many pictures wait to be looked at. Try again in a few seconds.",
    { retryAfterSeconds: RETRY_AFTER_SECONDS },
  );
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}
