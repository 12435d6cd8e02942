import type { Value } from "../graph/index.ts";

/** One parameter, its clipped gradient, and the scalars of its step. */
export type UpdateRequest = {
  readonly parameter: Value;
  readonly gradient: Value;
  /** The optimiser's arrays for this parameter by name. */
  readonly moments: Readonly<Record<string, Value>>;
  /** Scalars of this step by name, from `scalars`. */
  readonly scalars: Readonly<Record<string, Value>>;
};

export type UpdateResult = {
  readonly parameter: Value;
  readonly moments: Readonly<Record<string, Value>>;
};

/** What differs between groups of parameters. */
export type GroupSettings = {
  /** Learning rate of this step, already times the group's factor. */
  readonly learningRate: number;
  readonly decay: number;
};

/** An update rule: how its state starts, and the graph that turns it and a gradient into the next. */
export interface Optimiser {
  readonly name: string;
  /** Weight decay of groups that name none. */
  readonly decay: number;
  /** Names of the arrays that it keeps for each parameter, all starting at 0. */
  readonly moments: readonly string[];
  /** Names of the scalars that its update reads. */
  readonly scalarNames: readonly string[];
  /** Their values at step 0, 1, 2, …: whatever depends on the step is folded in here, not in the graph. */
  scalars(step: number, group: GroupSettings): Readonly<Record<string, number>>;
  update(request: UpdateRequest): UpdateResult;
}
