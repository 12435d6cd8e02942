/**
 * @file What a benchmark and its contestants say to each other, one JSON object a line.
 *
 * A contestant is a process: it says `Ready` once, answers every `Round` with `Times`, and
 * says `Farewell` when its input ends. Ours is `subject/main.ts`, the peers are Python.
 */
import type { Provider } from "@loupe/model/engine";

/** Shapes and settings of one case; what a contestant gets as its first argument. */
export type CaseOptions = {
  readonly provider: Provider;
  readonly threads: number;
  readonly batch: number;
  /** Tokens along one side of the encoder's grid. */
  readonly gridSize: number;
  /** Width of the decoder. */
  readonly width: number;
  /** Channels of each of the three encoder layers. */
  readonly channels: number;
};

export type Ready = {
  /** Such as "PyTorch 2.6.0". */
  readonly framework: string;
  /** From the description of the model to a session that can run. */
  readonly openMs: number;
};

export type Round = { readonly runs: number; readonly seconds: number };

export type Times = { readonly timesMs: readonly number[] };

export type Farewell = {
  /** Largest resident memory of the whole process. */
  readonly peakBytes: number;
  /** What the last run came to, where both sides must come to the same. */
  readonly values?: readonly number[];
};
