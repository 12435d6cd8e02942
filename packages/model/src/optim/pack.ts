import { concat, type Parameter, parameter, reshape, slice, type Value } from "../graph/index.ts";
import { float32, sizeOf } from "../tensor/index.ts";

/** Parameters that one update changes, as one array. */
export type Pack = {
  /** What the graph reads and writes: the only member, or all of them one after the other. */
  readonly array: Parameter;
  readonly members: readonly Parameter[];
};

/**
 * A group's parameters as arrays to update: each matrix by itself, all vectors as one.
 *
 * A transformer's decoder has twice as many vectors (biases, norms) as matrices, and an update of
 * a dozen nodes on 384 numbers costs more in nodes than in numbers. A matrix alone stays in the
 * cache through its dozen nodes; all matrices as one array would not.
 */
export function packed(parameters: readonly Parameter[], name: string): Pack[] {
  const isVector = ({ shape, dtype }: Parameter): boolean =>
    shape.length <= 1 && dtype === "float32";
  const vectors = parameters.filter(isVector);
  if (vectors.length < 2) return parameters.map(alone);
  const numbers = vectors.flatMap(({ attrs }) => [...(attrs.initial.data as Float32Array)]);
  const array = parameter(name, float32([numbers.length], numbers));
  const matrices = parameters.filter((one) => !isVector(one));
  return [...matrices.map(alone), { array, members: vectors }];
}

/** A parameter that is updated by itself. */
export function alone(only: Parameter): Pack {
  return { array: only, members: [only] };
}

/** One array of the members' values, such as their gradients. */
export function join({ array, members }: Pack, valueOf: (member: Parameter) => Value): Value {
  if (members.length === 1) return valueOf(members[0] ?? array);
  const flat = members.map((member) => reshape(valueOf(member), [sizeOf(member.shape)]));
  return concat(flat, 0);
}

/** The members' values from one array, each in its shape. */
export function part({ members }: Pack, whole: Value): readonly (readonly [Parameter, Value])[] {
  if (members.length === 1) return members.map((member) => [member, whole]);
  let start = 0;
  return members.map((member) => {
    const end = start + sizeOf(member.shape);
    const own = reshape(slice(whole, { axis: 0, start, end }), member.shape);
    start = end;
    return [member, own];
  });
}
