import { type Parameter, parameter } from "../graph/index.ts";
import {
  createRandom,
  filled,
  float32,
  formatShape,
  mixSeed,
  type Random,
  sameShape,
  type Shape,
  sizeOf,
  type Tensor,
} from "../tensor/index.ts";

/** How a fresh parameter is filled. */
export type Initialiser = (shape: Shape, random: Random) => Tensor;

export const zerosInit: Initialiser = (shape) => filled(shape, 0);
export const onesInit: Initialiser = (shape) => filled(shape, 1);

/** A copy of an array that is already known, such as a pretrained weight. */
export function fromTensor(tensor: Tensor): Initialiser {
  return () => tensor;
}

/** Normal with this standard deviation, redrawn outside two of them, as ViTs are initialised. */
export function truncatedNormal(std: number): Initialiser {
  return (shape, random) => {
    const data = new Float32Array(sizeOf(shape));
    for (let index = 0; index < data.length; index++) {
      let draw = random.normal();
      while (Math.abs(draw) > 2) draw = random.normal();
      data[index] = draw * std;
    }
    return float32(shape, data);
  };
}

/** Uniform in ±1/√fanIn, PyTorch's default for linear and convolution layers. */
export function fanInUniform(fanIn: number): Initialiser {
  return (shape, random) => {
    const bound = 1 / Math.sqrt(fanIn);
    const data = new Float32Array(sizeOf(shape));
    for (let index = 0; index < data.length; index++)
      data[index] = (2 * random.uniform() - 1) * bound;
    return float32(shape, data);
  };
}

/** The parameters of a model by name, created on first use. */
export interface Parameters {
  /** The parameter `name` of this scope; asked for again, the same one. */
  get(name: string, shape: Shape, initialiser: Initialiser): Parameter;
  /** The parameter `name` of this scope when it is there already, else null. */
  find(name: string): Parameter | null;
  /** The same store with `name/` put before the names. */
  scope(name: string): Parameters;
  /** All parameters of the whole store, in order of creation. */
  all(): Parameter[];
}

/**
 * A store of parameters whose initial values depend on (seed, full name) alone, so
 * that a layer keeps its values when another is added before it.
 *
 * @param start values that are taken instead where name and shape fit: what was learned before
 */
export function createParameters(
  seed: number,
  start: Readonly<Record<string, Tensor>> = {},
): Parameters {
  const known = new Map<string, Parameter>();
  const at = (prefix: string): Parameters => ({
    get: (name, shape, initialiser) => {
      const full = prefix + name;
      const existing = known.get(full);
      if (existing !== undefined) return existing;
      const learned = start[full];
      const value =
        learned !== undefined && sameShape(learned.shape, shape)
          ? learned
          : initialiser(shape, createRandom(mixSeed(seed, full)));
      const created = parameter(full, value);
      known.set(full, created);
      return created;
    },
    find: (name) => known.get(prefix + name) ?? null,
    scope: (name) => at(`${prefix}${name}/`),
    all: () => [...known.values()],
  });
  return at("");
}

/**
 * The parameters of a trained model: what is asked for must be among `weights`, in that shape.
 *
 * @throws one sentence that names the weight that is missing or of another shape
 */
export function storedParameters(weights: Readonly<Record<string, Tensor>>): Parameters {
  const known = new Map(
    Object.entries(weights).map(([name, weight]) => [name, parameter(name, weight)]),
  );
  const at = (prefix: string): Parameters => ({
    get: (name, shape) => {
      const full = prefix + name;
      const found = known.get(full);
      if (found === undefined) throw new Error(`Expected a weight ${full}, got none.`);
      if (!sameShape(found.shape, shape)) {
        throw new Error(
          `Expected the weight ${full} of shape ${formatShape(shape)}, got ` +
            `${formatShape(found.shape)}. The file belongs to other settings.`,
        );
      }
      return found;
    },
    find: (name) => known.get(prefix + name) ?? null,
    scope: (name) => at(`${prefix}${name}/`),
    all: () => [...known.values()],
  });
  return at("");
}
