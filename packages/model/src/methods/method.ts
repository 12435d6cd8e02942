import type { EncoderLayer } from "../catalog/encoder-info.ts";
import type { EncoderView } from "../catalog/encoder-view.ts";
import type { Features } from "../encoders/feature-store.ts";
import type { TextTower } from "../encoders/text-tower.ts";
import type { Parameter, Value } from "../graph/index.ts";
import type { Parameters } from "../nn/index.ts";
import type { Buffer, Optimiser, ParameterGroup, Schedule } from "../optim/index.ts";
import type { Tensor } from "../tensor/index.ts";

/** Per-channel statistics of an encoder's layer over the training images, shape [channels]. */
export type LayerStatistics = {
  readonly mean: Float32Array;
  readonly std: Float32Array;
};

/** The sizes and the encoder for which a method builds its graphs. */
export type MethodContext = {
  readonly batch: number;
  readonly inputSize: number;
  readonly gridSize: number;
  readonly layers: readonly EncoderLayer[];
  readonly statistics: readonly LayerStatistics[];
  /** True when the features hold each layer's class token. */
  readonly globals: boolean;
  /** The encoder's text tower while training, for methods that want it; null when scoring. */
  readonly text: TextTower | null;
  /** Steps of the whole run; 0 when scoring. */
  readonly steps: number;
  /** Steps in which every training image is seen once, at least 1. */
  readonly stepsPerEpoch: number;
};

/** The loss of a training step, and what the step reports and stores besides. */
export type MethodLoss = {
  readonly loss: Value;
  /** Parts of the loss, one live curve each; names without "/". */
  readonly terms: Readonly<Record<string, Value>>;
  /** Scalars that are shown and not minimised, named "group/name": one live chart for each group. */
  readonly watched?: Readonly<Record<string, Value>>;
  /** Parameters that a step replaces by a computed value, without a gradient: running averages, say. */
  readonly buffers?: readonly Buffer[];
  /** Values of scalar inputs `input(name, [])` of the graph at a step, from 0: a weight that fades in, say. */
  readonly signals?: Readonly<Record<string, (step: number) => number>>;
};

/** `tokens` [batch, gridSize²] and the smoothed `map` [batch, inputSize, inputSize]. */
export type MethodMaps = { readonly tokens: Value; readonly map: Value };

/** Optimiser, clipping and learning rate. */
export type MethodSchedule = {
  readonly optimiser: Optimiser;
  /** Largest norm of all gradients together; null for no clipping. */
  readonly clipNorm: number | null;
  /** The learning rate of every step of a run of `steps`. */
  learningRate(steps: number): Schedule;
  /** Groups of the trained parameters; when not given, matrices are decayed and vectors are not. */
  groups?(parameters: readonly Parameter[]): ParameterGroup[];
};

/** Named arrays that are fed to a graph. */
export type Feeds = Readonly<Record<string, Tensor>>;
type Weights = Readonly<Record<string, Tensor>>;

/** A graph that stays loaded while it is fed again and again. */
export type OpenGraph = {
  run(feeds: Feeds): Promise<Record<string, Tensor>>;
  close(): Promise<void>;
};

/** Runs graphs other than the training step, each in a thread of its own. */
export interface GraphRunner {
  /** Load `outputs`; parameters take `weights` by name, else their initial values. */
  open(outputs: Readonly<Record<string, Value>>, weights?: Weights): Promise<OpenGraph>;
  /** Run `outputs` once. */
  run(
    outputs: Readonly<Record<string, Value>>,
    feeds: Feeds,
    weights?: Weights,
  ): Promise<Record<string, Tensor>>;
}

/** Training images for what a method measures before its first step. */
export interface MethodData extends GraphRunner {
  readonly seed: number;
  /** Batches of `context.batch` images in an order that the seed decides. */
  batches(count: number): AsyncIterable<Feeds>;
}

/** Training images for a method that fills a memory instead of learning weights. */
export interface MemoryData extends GraphRunner {
  readonly seed: number;
  /** Rounds into which the work is cut; one progress message each. */
  readonly steps: number;
  readonly images: number;
  readonly signal: AbortSignal;
  features(index: number): Promise<Features>;
}

/** How far `fit` has come. */
export type MemoryProgress = {
  /** Rounds done, from 1. */
  readonly step: number;
  readonly loss: number;
  readonly terms: Readonly<Record<string, number>>;
};

/** What trained methods and memories have in common: settings, and the graph that scores. */
interface ScoringMethod {
  /** The settings in full, JSON-safe: what the detector file records. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Scores as distances, or in deviations above what good images have at the same place. */
  readonly scoring: "raw" | "standard";
  /** Layers and input size that it asks of the encoder; `MethodContext` holds what it was given. */
  readonly view: EncoderView;
  /** The graph that scores a batch of features, with the weights that `p` holds by name. */
  maps(p: Parameters, context: MethodContext): MethodMaps;
  /** One image's score from its token scores and its smoothed map. */
  imageScore(tokens: Float32Array, map: Float32Array): number;
}

/**
 * A method that is trained by gradient descent: a graph of its loss, and how to train.
 *
 * Both graphs read the inputs `tokens0`… (half precision, [batch, tokens, channels]) and with
 * `context.globals` also `global0`… ([batch, channels]), and take their weights from `Parameters`
 * by name, so what was trained is what scores. A graph that does not read an input is not fed it.
 */
export interface GradientMethod extends ScoringMethod {
  readonly kind: "gradient";
  readonly schedule: MethodSchedule;
  /** True when the context should hold the encoder's text tower while training. */
  readonly wantsText?: boolean;
  loss(p: Parameters, context: MethodContext): MethodLoss;
  /** Values measured on training images that replace initial ones before the first step. */
  prepare?(
    p: Parameters,
    context: MethodContext,
    data: MethodData,
  ): Promise<Record<string, Tensor>>;
  /** Further weights that `maps` reads, computed from the trained ones at the end. */
  finalizeWeights?(p: Parameters, context: MethodContext): Readonly<Record<string, Value>>;
  /** Which trained parameters the detector file keeps; all when not given. */
  storedParameters?(names: readonly string[]): readonly string[];
  /** A sentence that stops the run, where the terms show that it can only fail; null to go on. */
  guard?(terms: Readonly<Record<string, number>>, step: number): string | null;
}

/** A method that remembers training features instead of learning weights. */
export interface MemoryMethod extends ScoringMethod {
  readonly kind: "memory";
  /** Fill the memory. @returns the weights that `maps` reads */
  fit(
    context: MethodContext,
    data: MemoryData,
  ): AsyncGenerator<MemoryProgress, Record<string, Tensor>, void>;
  /**
   * The weights without what some training images gave them, to score these images as if they were
   * new: an image that is in the memory is at distance 0 of itself.
   */
  without?(weights: Weights, images: ReadonlySet<number>): Record<string, Tensor>;
}

/** A detection method with its settings. */
export type Method = GradientMethod | MemoryMethod;

/** A method for the given settings. @throws ZodError when they are not the method's */
export type MethodFactory = (settings: unknown) => Method;
