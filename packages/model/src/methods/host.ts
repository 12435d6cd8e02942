import type { EncoderView } from "../catalog/encoder-view.ts";
import type { Value } from "../graph/index.ts";
import type { Parameters } from "../nn/index.ts";
import type { Tensor } from "../tensor/index.ts";
import type {
  MethodContext,
  MethodData,
  MethodLoss,
  MethodMaps,
  MethodSchedule,
} from "./method.ts";

/** A host's training step up to its tokens, and what it does with them. */
export type HostTraining = {
  /** What the host decodes, [images, tokens, width], with the host's own noise. */
  readonly tokens: Value;
  /** What a plug-in is given in their place, where its own disturbance replaces the host's noise. */
  readonly intoPlugin: Value;
  /** The tokens without noise. */
  readonly clean: Value;
  /** Side of the tokens' grid. */
  readonly gridSize: number;
  /** The step's loss when these tokens are decoded. */
  readonly loss: (tokens: Value) => MethodLoss;
  /** The loss of the first images alone, from their tokens, without noise and dropout. */
  readonly quietLoss: (tokens: Value) => Value;
};

/** A host's scoring up to its tokens, and what it does with them. */
export type HostScoring = {
  readonly tokens: Value;
  /** Distances of every layer, [images, gridSize²] each, when these tokens are decoded. */
  readonly distances: (tokens: Value) => readonly Value[];
  /** A score of each token, [images, tokens], on the grid of the distances. */
  readonly onGrid: (scores: Value) => Value;
  readonly maps: (distances: readonly Value[]) => MethodMaps;
};

/** What a host measures before the first step. */
export type HostData = MethodData & {
  /** Of so many channels, how many shall carry what varies least on normal images. */
  readonly lowChannels: (width: number) => number;
};

/**
 * A method that is trained by gradient descent and decodes tokens, taken apart at these tokens: a
 * plug-in (`withDecad`) can change them there, and the host knows nothing of it.
 */
export type Host = {
  readonly view: EncoderView;
  readonly schedule: Omit<MethodSchedule, "groups">;
  readonly scoring: "raw" | "standard";
  imageScore(tokens: Float32Array, map: Float32Array): number;
  train(p: Parameters, context: MethodContext): HostTraining;
  score(p: Parameters, context: MethodContext): HostScoring;
  /** Values measured on training images that replace initial ones before the first step. */
  prepare?(p: Parameters, context: MethodContext, data: HostData): Promise<Record<string, Tensor>>;
};
