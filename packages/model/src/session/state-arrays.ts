import {
  formatShape,
  sameShape,
  type Shape,
  sizeOf,
  tensor,
  type Tensor,
  zeros,
} from "../tensor/index.ts";
import type { Tensors } from "./protocol.ts";
import type { StateArray, TrainingProgram, TrainingSlot } from "./training-program.ts";

/** The shape that the graph knows. */
export function shapeOf({ slots }: StateArray): Shape {
  const shapes = slots.map(({ initial }) => initial.shape);
  const [only = []] = shapes;
  return shapes.length === 1 ? only : [shapes.reduce((sum, shape) => sum + sizeOf(shape), 0)];
}

/** What a run starts from, by the slots' names. */
export function initialSlots({ state }: Pick<TrainingProgram, "state">): Record<string, Tensor> {
  const slots = state.flatMap((array) => array.slots);
  return Object.fromEntries(slots.map(({ name, initial }) => [name, initial]));
}

/**
 * What the graph is fed, by input, from the slots by name.
 *
 * @throws when a slot is missing or has another shape
 */
export function joinSlots(state: readonly StateArray[], tensors: Tensors): Record<string, Tensor> {
  return Object.fromEntries(state.map((array) => [array.input, joined(array, tensors)]));
}

function joined(array: StateArray, tensors: Tensors): Tensor {
  const parts = array.slots.map((slot) => fitting(slot, tensors[slot.name]));
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const whole = zeros(shapeOf(array));
  let start = 0;
  for (const { data } of parts) {
    (whole.data as Float32Array).set(data as Float32Array, start);
    start += data.length;
  }
  return whole;
}

function fitting({ name, initial }: TrainingSlot, found: Tensor | undefined): Tensor {
  const advice = "Was it saved by another model?";
  if (found === undefined) throw new Error(`The state lacks "${name}". ${advice}`);
  if (sameShape(found.shape, initial.shape)) return found;
  const [expected, got] = [initial, found].map(({ shape }) => formatShape(shape));
  throw new Error(`Expected "${name}" of the state as ${expected}, got ${got}. ${advice}`);
}

/** The slots by name from what one array of the graph holds: the array itself where it is one slot. */
export function partSlots({ slots }: StateArray, whole: Tensor): Record<string, Tensor> {
  const [only] = slots;
  if (only !== undefined && slots.length === 1) return { [only.name]: whole };
  let start = 0;
  const parts = slots.map(({ name, initial: { shape, dtype } }) => {
    const end = start + sizeOf(shape);
    const own = tensor(dtype, shape, whole.data.slice(start, end));
    start = end;
    return [name, own] as const;
  });
  return Object.fromEntries(parts);
}
