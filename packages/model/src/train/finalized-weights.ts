import type { GradientMethod } from "../methods/method.ts";
import type { Parameters } from "../nn/index.ts";
import type { Tensor } from "../tensor/index.ts";
import { graphRunner } from "./graph-runner.ts";
import type { TrainingSetup } from "./training-setup.ts";

type Read = (names: readonly string[]) => Promise<Record<string, Tensor>>;

/** The weights that a detector file keeps: trained ones, and those that the method derives. */
export async function finalizedWeights(
  { method, context, options }: TrainingSetup<GradientMethod>,
  parameters: Parameters,
  read: Read,
): Promise<Record<string, Tensor>> {
  const names = parameters.all().map((parameter) => parameter.attrs.name);
  const kept = method.storedParameters?.(names) ?? names;
  if (method.finalizeWeights === undefined) return read(kept);

  const derived = method.finalizeWeights(parameters, context);
  if (Object.keys(derived).length === 0) return read(kept);

  const all = await read(names);
  const settled = await graphRunner(options.provider).run(derived, {}, all);
  const stored = Object.fromEntries(Object.entries(all).filter(([name]) => kept.includes(name)));
  return { ...stored, ...settled };
}
