import { parameter, type Parameter } from "../graph/index.ts";
import type { Parameters } from "../nn/index.ts";
import { float32, type Shape, sizeOf, tensor, type Tensor, toFloat16 } from "../tensor/index.ts";

/** amplitude · sin(phase + 0.37 i): numbers that a script in `bench/reference` makes alike. */
export function wave(shape: Shape, phase: number, amplitude: number): Float32Array {
  return Float32Array.from(
    { length: sizeOf(shape) },
    (_, i) => amplitude * Math.sin(phase + 0.37 * i),
  );
}

/** A wave in half precision, as features are fed. */
export function halfWave(shape: Shape, phase: number, amplitude: number): Tensor {
  return tensor("float16", shape, toFloat16(wave(shape, phase, amplitude)));
}

/** The sum of a name's character codes: every array of a fixture has a wave of its own. */
export function phaseOf(name: string): number {
  return Array.from(name).reduce((sum, letter) => sum + letter.codePointAt(0)!, 0);
}

/**
 * Parameters by the formula instead of by chance: waves of amplitude 0.1, around 1 for scales and
 * around 0 for all others.
 */
export function waveParameters(known = new Map<string, Parameter>(), prefix = ""): Parameters {
  return {
    get: (name, shape) => {
      const full = prefix + name;
      const existing = known.get(full);
      if (existing !== undefined) return existing;
      const offset = full.endsWith("scale") ? 1 : 0;
      const values = wave(shape, phaseOf(full), 0.1).map((value) => value + offset);
      const made = parameter(full, float32(shape, values));
      known.set(full, made);
      return made;
    },
    find: (name) => known.get(prefix + name) ?? null,
    scope: (name) => waveParameters(known, `${prefix}${name}/`),
    all: () => [...known.values()],
  };
}
