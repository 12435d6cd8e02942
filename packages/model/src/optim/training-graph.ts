import { gradients } from "../autodiff/index.ts";
import {
  add,
  addAll,
  constantOf,
  div,
  input,
  leavesOf,
  min,
  mul,
  type Parameter,
  reduceSum,
  reshape,
  sqrt,
  square,
  sub,
  type Value,
} from "../graph/index.ts";
import type { TrainingProgram, TrainingSlot } from "../session/index.ts";
import { type Tensor, zeros } from "../tensor/index.ts";
import type { Optimiser } from "./optimiser.ts";

/** Parameters that share a learning-rate factor and a weight decay. */
export type ParameterGroup = {
  readonly parameters: readonly Parameter[];
  /** Times the schedule's rate; 1 when not given. */
  readonly rate?: number;
  /** The optimiser's when not given. */
  readonly decay?: number;
  /**
   * Largest norm of this group's gradients; null for no clipping. Groups that state the same
   * value are clipped together, apart from those that state none.
   */
  readonly clipNorm?: number | null;
};

/**
 * State that is not trained but replaced at every step, such as the vectors of a power iteration.
 * `updated(w)` is a trained parameter after this step's update.
 */
export type Buffer = {
  readonly parameter: Parameter;
  next(updated: (parameter: Parameter) => Value): Value;
};

export type TrainingRequest = {
  /** The scalar that is minimised. */
  readonly loss: Value;
  /** Scalars that are reported beside it. */
  readonly terms?: Readonly<Record<string, Value>>;
  readonly parameters: readonly Parameter[] | readonly ParameterGroup[];
  readonly optimiser: Optimiser;
  /** Largest norm of all gradients of the groups without a `clipNorm` of their own; null for no clipping. */
  readonly clipNorm?: number | null;
  /** Decay of an exponential moving average of the parameters; null for none. */
  readonly average?: number | null;
  readonly buffers?: readonly Buffer[];
  /** Scalar inputs of the graph by name, each a function of the step (0, 1, 2, …). */
  readonly signals?: Readonly<Record<string, (step: number) => number>>;
};

/** Assemble the graph of one training step. */
export function trainingGraph(request: TrainingRequest): TrainingProgram {
  const { loss, terms = {}, optimiser, clipNorm = null, average = null } = request;
  const { buffers = [], signals = {} } = request;
  const groups = toGroups(request.parameters);
  const parameters = groups.flatMap((group) => group.parameters);
  const raw = gradients(loss, parameters);
  const { norm, scales } = clipping(groups, raw, clipNorm);
  const slots: TrainingSlot[] = [];
  const outputs: Record<string, Value> = { loss: reshape(loss, []), gradientNorm: norm };
  for (const [name, term] of Object.entries(terms)) outputs[`term/${name}`] = reshape(term, []);

  const keep = (name: string, initial: Tensor, next: Value): void => {
    slots.push({ input: name, output: `next/${name}`, initial });
    outputs[`next/${name}`] = next;
  };
  const updated = new Map<Parameter, Value>();
  let index = 0;
  for (const [number, group] of groups.entries()) {
    const scalars = Object.fromEntries(
      optimiser.scalarNames.map((name) => [name, input(scalarName(name, number), [])]),
    );
    for (const parameter of group.parameters) {
      const { name, initial } = parameter.attrs;
      const unclipped = raw[index++] ?? parameter;
      const scale = scales[number] ?? null;
      const gradient = scale === null ? unclipped : mul(unclipped, scale);
      const momentName = (moment: string): string => `${moment}/${name}`;
      const moments = Object.fromEntries(
        optimiser.moments.map((moment) => [moment, input(momentName(moment), initial.shape)]),
      );
      const next = optimiser.update({ parameter, gradient, moments, scalars });
      keep(name, initial, next.parameter);
      updated.set(parameter, next.parameter);
      for (const [moment, value] of Object.entries(next.moments)) {
        keep(momentName(moment), zeros(initial.shape), value);
      }
      if (average !== null) {
        // a ← a + (1 − decay) (w − a)
        const slow = input(`average/${name}`, initial.shape);
        const step = mul(sub(next.parameter, slow), constantOf(1 - average));
        keep(`average/${name}`, initial, add(slow, step));
      }
    }
  }
  for (const buffer of buffers) {
    const { name, initial } = buffer.parameter.attrs;
    const next = buffer.next((trained) => updated.get(trained) ?? trained);
    keep(name, initial, next);
  }
  const leaves = leavesOf(Object.values(outputs));
  const inputNames = new Set(leaves.inputs.map((leaf) => leaf.attrs.name));
  const read = Object.entries(signals).filter(([name]) => inputNames.has(name));
  const kept = [...parameters, ...buffers.map(({ parameter }) => parameter)];
  return {
    outputs,
    slots,
    trained: new Set(kept.map((parameter) => parameter.attrs.name)),
    termNames: Object.keys(terms),
    inputNames,
    randoms: leaves.randoms,
    scalars: (step, rate) => {
      const values: Record<string, number> = {};
      for (const [name, signal] of read) values[name] = signal(step);
      for (const [number, group] of groups.entries()) {
        const settings = {
          rate: rate * (group.rate ?? 1),
          decay: group.decay ?? optimiser.decay,
        };
        for (const [name, value] of Object.entries(optimiser.scalars(step, settings))) {
          values[scalarName(name, number)] = value;
        }
      }
      return values;
    },
  };
}

/**
 * The norm of all gradients, and for each group the factor that clips its own: PyTorch's
 * clip_grad_norm_, including its 1e-6, over the groups that share a limit.
 */
function clipping(
  groups: readonly ParameterGroup[],
  gradients: readonly Value[],
  shared: number | null,
): { readonly norm: Value; readonly scales: readonly (Value | null)[] } {
  const squares = new Map<number | null | undefined, Value[]>();
  let index = 0;
  for (const { clipNorm, parameters } of groups) {
    const own = gradients.slice(index, (index += parameters.length));
    const sums = own.map((gradient) => reduceSum(square(gradient)));
    squares.set(clipNorm, [...(squares.get(clipNorm) ?? []), ...sums]);
  }
  const norm = sqrt(addAll([...squares.values()].flat()));
  const factors = new Map<number | null | undefined, Value>();
  for (const [clipNorm, sums] of squares) {
    const limit = clipNorm === undefined ? shared : clipNorm;
    if (limit === null) continue;
    const together = squares.size === 1 ? norm : sqrt(addAll(sums));
    factors.set(clipNorm, min(div(limit, add(together, 1e-6)), 1));
  }
  return { norm, scales: groups.map(({ clipNorm }) => factors.get(clipNorm) ?? null) };
}

function scalarName(name: string, group: number): string {
  return `schedule/${group}/${name}`;
}

function toGroups(parameters: TrainingRequest["parameters"]): readonly ParameterGroup[] {
  const [first] = parameters;
  if (first === undefined) throw new Error("Expected parameters to train, got none.");
  return "parameters" in first
    ? (parameters as readonly ParameterGroup[])
    : [{ parameters: parameters as readonly Parameter[] }];
}
