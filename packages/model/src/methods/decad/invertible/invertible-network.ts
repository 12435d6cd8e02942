import { inScope, max, type Value } from "../../../graph/index.ts";
import type { Parameters } from "../../../nn/index.ts";
import type { Buffer } from "../../../optim/index.ts";
import { type ActNorm, actNorm } from "./act-norm.ts";
import { contraction, type ContractionSettings } from "./contraction.ts";
import { monotoneUnit, type Solver } from "./monotone-unit.ts";

export type InvertibleSettings = {
  /** Blocks R, and units in each, K. */
  readonly blocks: number;
  readonly units: number;
  /**
   * Where activations are normalised: after every unit (PD-LTS), after the units of a block but
   * the last (URD), or once after each block (the literal reading).
   */
  readonly layout: "every-unit" | "between-units" | "every-block";
  readonly contraction: ContractionSettings;
};

/** Values at the end of a pass, and the residuals of its solves. */
export type Passed = {
  readonly value: Value;
  /** ‖u − (2x ∓ G(u))‖ / ‖u‖ of the worst unit on some rows, []. No gradient. */
  readonly residual: Value;
};

export type InvertibleNetwork = {
  forward(x: Value, solver: Solver): Passed;
  inverse(z: Value, solver: Solver): Passed;
  /**
   * Values of the activation normalisations' parameters by name, each decided by what the layers
   * before it make of these rows: one graph, in which a layer reads the values found before it.
   */
  startOn(x: Value, solver: Solver): Readonly<Record<string, Value>>;
  /** Largest spectral norm of each unit's matrices before they are limited, [] each. */
  readonly spectralNorms: readonly Value[];
  readonly buffers: readonly Buffer[];
};

/** What a layer makes of rows; nothing is solved in an activation normalisation. */
type Outcome = { readonly value: Value; readonly residual: Value | null };

type Step = {
  readonly name: string;
  forward(x: Value, solver: Solver): Outcome;
  inverse(y: Value, solver: Solver): Outcome;
  /** Null in a layer that has nothing to measure. */
  readonly startOn: ActNorm["startOn"] | null;
};

function pass(steps: readonly Step[], x: Value, apply: (step: Step, x: Value) => Outcome): Passed {
  let value = x;
  const residuals: Value[] = [];
  for (const step of steps) {
    const outcome = inScope(step.name, () => apply(step, value));
    value = outcome.value;
    if (outcome.residual !== null) residuals.push(outcome.residual);
  }
  return { value, residual: residuals.reduce((worst, residual) => max(worst, residual)) };
}

function startOn(steps: readonly Step[], x: Value, solver: Solver): Record<string, Value> {
  const found: Record<string, Value> = {};
  let value = x;
  for (const step of steps) {
    const measured = step.startOn?.(value);
    Object.assign(found, measured?.start);
    value = measured?.value ?? step.forward(value, solver).value;
  }
  return found;
}

function isNormalised(layout: InvertibleSettings["layout"], isLastOfBlock: boolean): boolean {
  if (layout === "every-unit") return true;
  return layout === "every-block" ? isLastOfBlock : !isLastOfBlock;
}

/**
 * F = F_R ∘ … ∘ F₁ on each row of [rows, width] apart: blocks of monotone units with activation
 * normalisation between them, invertible through the same units in reverse order.
 */
export function invertibleNetwork(
  p: Parameters,
  width: number,
  settings: InvertibleSettings,
): InvertibleNetwork {
  const steps: Step[] = [];
  const spectralNorms: Value[] = [];
  const buffers: Buffer[] = [];
  for (let block = 0; block < settings.blocks; block++) {
    for (let unit = 0; unit < settings.units; unit++) {
      const name = `block${block}/unit${unit}`;
      const g = contraction(p.scope(name), width, settings.contraction);
      spectralNorms.push(g.norms.reduce((worst, norm) => max(worst, norm)));
      buffers.push(...g.buffers);
      steps.push({ name, ...monotoneUnit(g), startOn: null });
      if (!isNormalised(settings.layout, unit === settings.units - 1)) continue;
      const normName = `block${block}/norm${unit}`;
      const norm = actNorm(p.scope(normName), width);
      const exact = (value: Value): Outcome => ({ value, residual: null });
      steps.push({
        name: normName,
        forward: (x) => exact(norm.forward(x)),
        inverse: (y) => exact(norm.inverse(y)),
        startOn: (x) => norm.startOn(x),
      });
    }
  }
  const reversed = [...steps].reverse();
  return {
    forward: (x, solver) => pass(steps, x, (step, value) => step.forward(value, solver)),
    inverse: (z, solver) => pass(reversed, z, (step, value) => step.inverse(value, solver)),
    startOn: (x, solver) => startOn(steps, x, solver),
    spectralNorms,
    buffers,
  };
}
