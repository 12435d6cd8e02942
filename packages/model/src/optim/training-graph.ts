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
  substitute,
  type Value,
} from "../graph/index.ts";
import type { StateArray, TrainingProgram } from "../session/index.ts";
import { zeros } from "../tensor/index.ts";
import type { Optimiser } from "./optimiser.ts";
import { alone, join, type Pack, packed, part } from "./pack.ts";

/** Parameters that share a learning-rate factor and a weight decay. */
export type ParameterGroup = {
  readonly parameters: readonly Parameter[];
  /** Times the schedule's learning rate; 1 when not given. */
  readonly rateScale?: number;
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

/** What one update changes, and by what before clipping. */
type Update = { readonly pack: Pack; readonly gradient: Value };

/** The state as it is collected: what the step reads, what replaces it, and where a run starts. */
class State {
  readonly arrays: StateArray[] = [];
  readonly outputs: Record<string, Value> = {};

  /** @param prefix tells the arrays of one parameter apart: "first/", "average/" */
  keep(prefix: string, pack: Pack, { next, from }: { next: Value; from: Start }): void {
    const input = `${prefix}${pack.array.attrs.name}`;
    const output = `next/${input}`;
    const slots = pack.members.map(({ attrs }) => {
      const initial = from === "zero" ? zeros(attrs.initial.shape) : attrs.initial;
      return { name: `${prefix}${attrs.name}`, initial };
    });
    this.arrays.push({ input, output, slots });
    this.outputs[output] = next;
  }
}
type Start = "zero" | "parameter";

/** Assemble the graph of one training step. */
export function trainingGraph(request: TrainingRequest): TrainingProgram {
  const { loss, terms = {}, optimiser, clipNorm = null, average = null } = request;
  const { buffers = [], signals = {} } = request;
  const groups = toGroups(request.parameters);
  const updates = updatesOf(groups, loss);
  const { norm, scales } = clipping(groups, updates, clipNorm);
  const reported: Record<string, Value> = { loss: reshape(loss, []), gradientNorm: norm };
  for (const [name, term] of Object.entries(terms)) reported[`term/${name}`] = reshape(term, []);

  const state = new State();
  const updated = new Map<Parameter, Value>();
  for (const [number, ownUpdates] of updates.entries()) {
    const scalars = Object.fromEntries(
      optimiser.scalarNames.map((name) => [name, input(scalarName(name, number), [])]),
    );
    const scale = scales[number] ?? null;
    for (const { pack, gradient: unclipped } of ownUpdates) {
      const { array: parameter } = pack;
      const { name } = parameter.attrs;
      const gradient = scale === null ? unclipped : mul(unclipped, scale);
      const moments = Object.fromEntries(
        optimiser.moments.map((moment) => [moment, input(`${moment}/${name}`, parameter.shape)]),
      );
      const next = optimiser.update({ parameter, gradient, moments, scalars });
      state.keep("", pack, { next: next.parameter, from: "parameter" });
      for (const [member, value] of part(pack, next.parameter)) updated.set(member, value);
      for (const [moment, value] of Object.entries(next.moments)) {
        state.keep(`${moment}/`, pack, { next: value, from: "zero" });
      }
      if (average !== null) {
        // a ← a + (1 − decay) (w − a)
        const slow = input(`average/${name}`, parameter.shape);
        const step = mul(sub(next.parameter, slow), constantOf(1 - average));
        state.keep("average/", pack, { next: add(slow, step), from: "parameter" });
      }
    }
  }
  for (const buffer of buffers) {
    const next = buffer.next((trained) => updated.get(trained) ?? trained);
    state.keep("", alone(buffer.parameter), { next, from: "parameter" });
  }
  const packs = updates.flat().map(({ pack }) => pack);
  const outputs = substitute(
    { ...reported, ...state.outputs },
    new Map(packs.flatMap((pack) => part(pack, pack.array))),
  );
  const leaves = leavesOf(Object.values(outputs));
  const inputNames = new Set(leaves.inputs.map((leaf) => leaf.attrs.name));
  const read = Object.entries(signals).filter(([name]) => inputNames.has(name));
  const kept = [...packs.map(({ array }) => array), ...buffers.map(({ parameter }) => parameter)];
  return {
    outputs,
    state: state.arrays,
    trained: new Set(kept.map((parameter) => parameter.attrs.name)),
    termNames: Object.keys(terms),
    inputNames,
    randoms: leaves.randoms,
    scalars: (step, learningRate) => {
      const values: Record<string, number> = {};
      for (const [name, signal] of read) values[name] = signal(step);
      for (const [number, group] of groups.entries()) {
        const settings = {
          learningRate: learningRate * (group.rateScale ?? 1),
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

/** Each group's arrays with their gradients. */
function updatesOf(groups: readonly ParameterGroup[], loss: Value): Update[][] {
  const parameters = groups.flatMap((group) => group.parameters);
  const all = gradients(loss, parameters);
  const gradientOf = new Map(parameters.map((parameter, index) => [parameter, all[index]]));
  return groups.map((group, number) =>
    packed(group.parameters, `group${number}/vectors`).map((pack) => {
      const gradient = join(pack, (member) => gradientOf.get(member) ?? member);
      return { pack, gradient };
    }),
  );
}

/**
 * The norm of all gradients, and for each group the factor that clips its own: PyTorch's
 * clip_grad_norm_, including its 1e-6, over the groups that share a limit.
 */
function clipping(
  groups: readonly ParameterGroup[],
  updates: readonly (readonly Update[])[],
  shared: number | null,
): { readonly norm: Value; readonly scales: readonly (Value | null)[] } {
  const squares = new Map<number | null | undefined, Value[]>();
  for (const [number, { clipNorm }] of groups.entries()) {
    const sums = (updates[number] ?? []).map(({ gradient }) => reduceSum(square(gradient)));
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
