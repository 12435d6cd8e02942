import type { TrainingProgram } from "../session/index.ts";
import type { Tensor } from "../tensor/index.ts";

/**
 * The program with its slots starting at measured values instead of the initial ones.
 *
 * @throws when a value belongs to no slot
 */
export function startedAt(
  program: TrainingProgram,
  measured: Readonly<Record<string, Tensor>>,
): TrainingProgram {
  const names = new Set(program.slots.map((slot) => slot.input));
  for (const name of Object.keys(measured)) {
    if (!names.has(name)) throw new Error(`Expected a parameter ${name} to start, got none.`);
  }
  const slots = program.slots.map((slot) => ({
    ...slot,
    initial: measured[slot.input] ?? slot.initial,
  }));
  return { ...program, slots };
}
