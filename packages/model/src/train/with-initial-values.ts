import type { TrainingProgram } from "../session/index.ts";
import type { Tensor } from "../tensor/index.ts";

/**
 * The program with its slots starting at measured values instead of the initial ones.
 *
 * @throws when a value belongs to no slot
 */
export function withInitialValues(
  program: TrainingProgram,
  measured: Readonly<Record<string, Tensor>>,
): TrainingProgram {
  const names = new Set(program.state.flatMap(({ slots }) => slots.map(({ name }) => name)));
  for (const name of Object.keys(measured)) {
    if (!names.has(name)) throw new Error(`Expected a parameter ${name} to start, got none.`);
  }
  const state = program.state.map((array) => ({
    ...array,
    slots: array.slots.map((slot) => ({ ...slot, initial: measured[slot.name] ?? slot.initial })),
  }));
  return { ...program, state };
}
