import type { Parameter } from "../graph/index.ts";
import type { GradientMethod, MethodContext } from "../methods/method.ts";
import type { Parameters } from "../nn/index.ts";
import { type ParameterGroup, trainingGraph } from "../optim/index.ts";
import type { TrainingProgram } from "../session/index.ts";

/** Biases and norm scales are not decayed, as is usual for transformers. */
function byRank(parameters: readonly Parameter[]): ParameterGroup[] {
  const isMatrix = (parameter: Parameter): boolean => parameter.shape.length > 1;
  const matrices = parameters.filter(isMatrix);
  const vectors = parameters.filter((parameter) => !isMatrix(parameter));
  return [{ parameters: matrices }, { parameters: vectors, decay: 0 }].filter(
    (group) => group.parameters.length > 0,
  );
}

/** One training step of a method; its parameters come to be in `parameters`. */
export function programOf(
  method: GradientMethod,
  parameters: Parameters,
  context: MethodContext,
): TrainingProgram {
  const { schedule } = method;
  const built = method.loss(parameters, context);
  const { loss, terms, buffers = [], signals = {}, watched = {} } = built;
  const replaced = new Set(buffers.map(({ parameter }) => parameter));
  const trained = parameters.all().filter((parameter) => !replaced.has(parameter));
  return trainingGraph({
    loss,
    terms: { ...terms, ...watched },
    parameters: (schedule.groups ?? byRank)(trained),
    optimiser: schedule.optimiser,
    clipNorm: schedule.clipNorm,
    buffers,
    signals,
  });
}
