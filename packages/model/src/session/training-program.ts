import type { Value } from "../graph/index.ts";
import type { Tensor } from "../tensor/index.ts";

/** One array of a run's state, as checkpoints and readers know it. */
export type TrainingSlot = { readonly name: string; readonly initial: Tensor };

/**
 * An array that the step reads as `input` and replaces by its output: one slot, or several vectors
 * one after the other.
 */
export type StateArray = {
  readonly input: string;
  readonly output: string;
  readonly slots: readonly TrainingSlot[];
};

/** One optimisation step as a graph: forward, backward, clipping and update. */
export type TrainingProgram = {
  /** loss, gradientNorm, term/…, and one output for each array of the state. */
  readonly outputs: Readonly<Record<string, Value>>;
  /** Slots are parameters by their names, and the optimiser's arrays and averages as `first/…`, `average/…`. */
  readonly state: readonly StateArray[];
  /** Names of the parameters and buffers that are state rather than constants of the graph. */
  readonly trained: ReadonlySet<string>;
  readonly termNames: readonly string[];
  /** Names of the inputs that the graph reads; what it does not read must not be fed. */
  readonly inputNames: ReadonlySet<string>;
  /** Leaves that the session fills with samples at every step. */
  readonly randoms: readonly Value<"random">[];
  /** The scalar inputs of step 0, 1, 2, … under a learning rate. */
  scalars(step: number, learningRate: number): Readonly<Record<string, number>>;
};
