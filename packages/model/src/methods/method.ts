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
  readonly deviation: Float32Array;
};

/** What a method's graphs are built for. */
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

/** A scalar to minimise, and what a training step tells and keeps besides. */
export type MethodLoss = {
  readonly loss: Value;
  /** Parts of the loss, one live curve each; names without "/". */
  readonly terms: Readonly<Record<string, Value>>;
  /** Scalars to look at that are not minimised, named "group/name": one live chart a group. */
  readonly watched?: Readonly<Record<string, Value>>;
  /** Parameters that are replaced rather than trained. */
  readonly buffers?: readonly Buffer[];
  /** Scalar inputs `input(name, [])` of the graph whose value depends on the step (from 0). */
  readonly signals?: Readonly<Record<string, (step: number) => number>>;
};

/** `tokens` [batch, gridSize²] and the smoothed `map` [batch, inputSize, inputSize]. */
export type MethodMaps = { readonly tokens: Value; readonly map: Value };

/** How the optimiser runs. */
export type MethodSchedule = {
  readonly optimiser: Optimiser;
  /** Largest norm of all gradients together; null for no clipping. */
  readonly clipNorm: number | null;
  /** The learning rate of every step of a run of `steps`. */
  rate(steps: number): Schedule;
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

/** Runs graphs outside of the training step, always in a thread of their own. */
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

/** What a method may measure on the training images before its first step. */
export interface MethodData extends GraphRunner {
  readonly seed: number;
  /** Batches of `context.batch` images in an order that the seed decides. */
  batches(count: number): AsyncIterable<Feeds>;
}

/** What a method that remembers instead of learning works on. */
export interface MemoryData extends GraphRunner {
  readonly seed: number;
  /** Rounds to take; one progress message each. */
  readonly steps: number;
  readonly images: number;
  readonly signal: AbortSignal;
  features(index: number): Promise<Features>;
}

/** How far a memory is. */
export type MemoryProgress = {
  /** Rounds done, from 1. */
  readonly step: number;
  readonly loss: number;
  readonly terms: Readonly<Record<string, number>>;
};

/** What every method has: settings, and the graph that scores. */
interface ScoringMethod {
  /** The settings in full, JSON-safe: what the detector file records. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Scores as distances, or in deviations above what good images have at the same place. */
  readonly scoring: "raw" | "standard";
  /** What it wishes of the encoder; the context tells what it got. */
  readonly view: EncoderView;
  /** Reads features, takes its weights from `p` by name. */
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
  settle?(p: Parameters, context: MethodContext): Readonly<Record<string, Value>>;
  /** Which trained parameters the detector file keeps; all when not given. */
  storedParameters?(names: readonly string[]): readonly string[];
  /** One sentence that stops the run, or null. */
  guard?(terms: Readonly<Record<string, number>>, step: number): string | null;
}

/** A method that remembers training features instead of learning weights. */
export interface MemoryMethod extends ScoringMethod {
  readonly kind: "memory";
  /** Fill the memory. @returns the weights that `maps` reads */
  memorise(
    context: MethodContext,
    data: MemoryData,
  ): AsyncGenerator<MemoryProgress, Record<string, Tensor>, void>;
  /**
   * The weights as they would be without some training images, so that these can be scored as new
   * ones are; what a memory holds itself would look more normal than anything new.
   */
  without?(weights: Weights, images: ReadonlySet<number>): Record<string, Tensor>;
}

/** A detection method with its settings. */
export type Method = GradientMethod | MemoryMethod;

/** A method for the given settings. @throws ZodError when they are not the method's */
export type MethodFactory = (settings: unknown) => Method;
