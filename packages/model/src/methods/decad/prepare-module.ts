import type { DecadModuleSettings } from "../../catalog/decad-module-settings.ts";
import { reduceMean, square, sub, type Value } from "../../graph/index.ts";
import type { Parameters as ParameterStore } from "../../nn/index.ts";
import { float32, type Tensor } from "../../tensor/index.ts";
import type { Feeds, MethodData } from "../method.ts";
import { actNormFrom } from "./invertible/act-norm.ts";
import { evaluationSolver, moduleParts, toBasis } from "./module-parts.ts";
import { principalAxes } from "./principal-axes.ts";

type Weights = Record<string, Tensor>;

async function firstOf(batches: AsyncIterable<Feeds>): Promise<Feeds> {
  for await (const feeds of batches) return feeds;
  throw new Error("Expected a batch of training images, got none.");
}

function nameOf(p: ParameterStore, name: string): string {
  const found = p.find(name);
  if (found === null) throw new Error(`Expected a parameter ${name}, got none.`);
  return found.attrs.name;
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
  const feeds = await firstOf(data.batches(1));
  const solver = evaluationSolver(settings);
  let x = toBasis(parts, tokens);
  for (const layer of parts.network.layers) {
    if (layer.kind === "act-norm") {
      const mean = reduceMean(x, { axes: [0] });
      const variance = reduceMean(square(sub(x, mean)), { axes: [0] });
      const weights = { ...measured, ...own };
      const found = await data.run({ mean, variance }, feeds, weights);
      const { mean: of, variance: around } = found;
      if (of === undefined || around === undefined) throw new Error("Expected the moments.");
      const { shift, logScale } = actNormFrom(of, around);
      own[nameOf(p, `network/${layer.name}/shift`)] = shift;
      own[nameOf(p, `network/${layer.name}/logScale`)] = logScale;
    }
    x = layer.forward(x, solver);
  }
  return own;
}
