import type { DecadModuleSettings } from "../../catalog/methods/decad/module-settings.ts";
import type { Value } from "../../graph/index.ts";
import type { Parameters as ParameterStore } from "../../nn/index.ts";
import { float32, type Tensor } from "../../tensor/index.ts";
import type { Feeds, MethodData } from "../method.ts";
import { evaluationSolver, moduleParts, toBasis } from "./module-parts.ts";
import { principalAxes } from "../shared/axes/principal-axes.ts";

type Weights = Record<string, Tensor>;

async function firstOf(batches: AsyncIterable<Feeds>): Promise<Feeds> {
  for await (const feeds of batches) return feeds;
  throw new Error("Expected a batch of training images, got none.");
}

/**
 * What the module measures before the first step: the principal axes of its tokens, then the
 * activation normalisations, each on what the layers before it make of one batch.
 *
 * @param tokens the module's clean tokens, of mean 0 and deviation 1, as a graph
 * @param measured weights that have been measured before, such as the host's
 */
export async function prepareModule(
  p: ParameterStore,
  {
    tokens,
    settings,
    measured,
  }: {
    tokens: Value;
    settings: DecadModuleSettings;
    measured: Readonly<Weights>;
  },
  data: MethodData,
): Promise<Weights> {
  const width = tokens.shape.at(-1) ?? 1;
  const parts = moduleParts(p, width, settings);
  const own: Weights = {};
  if (parts.basis !== null) {
    const { vectors } = await principalAxes(data, { tokens, weights: measured });
    own[parts.basis.attrs.name] = float32([width, width], Float32Array.from(vectors));
  }
  const starts = parts.network.startOn(toBasis(parts, tokens), evaluationSolver(settings));
  const feeds = await firstOf(data.batches(1));
  return { ...own, ...(await data.run(starts, feeds, { ...measured, ...own })) };
}
