import { joinedLayers, type BankSettings } from "../../catalog/methods/bank/settings.ts";
import {
  concat,
  constantOf,
  div,
  l2Norm,
  max,
  reshape,
  sub,
  type Value,
} from "../../graph/index.ts";
import type { MethodContext } from "../method.ts";
import { rawInputs, standardise } from "../shared/token-inputs.ts";
import { averageNeighbours, patchSide } from "./neighbourhood.ts";

/** Shorter than any feature vector that means something. */
const SHORTEST = 1e-6;

function unitLength(patches: Value): Value {
  return div(patches, max(l2Norm(patches, { axes: [-1], keepDims: true }), SHORTEST));
}

/** The channels' mean taken off: distances stay, and rounding in their squares shrinks. */
function centred(tokens: Value, mean: Float32Array): Value {
  return sub(tokens, constantOf(mean));
}

/**
 * Patches of a batch, row by row, [batch · side², width]: each token averaged with its neighbours,
 * the chosen layers side by side.
 */
export function patchGraph(context: MethodContext, settings: BankSettings): Value {
  const { gridSize, layers, statistics } = context;
  const { neighbourhood, border, scaling } = settings;
  const raw = rawInputs(context);
  const parts = joinedLayers(settings).map((at) => {
    const [tokens, layer, known] = [raw[at], layers[at], statistics[at]];
    if (tokens === undefined || layer === undefined || known === undefined) {
      throw new Error(`Expected an encoder with a layer ${at + 1}, got ${layers.length} layers.`);
    }
    const scaled =
      scaling === "channel"
        ? standardise([tokens], { layers: [layer], statistics: [known] })[0]
        : scaling === "none"
          ? centred(tokens, known.mean)
          : tokens;
    const averaged = averageNeighbours(scaled ?? tokens, { gridSize, neighbourhood, border });
    return scaling === "length" ? unitLength(averaged) : averaged;
  });
  const joined = concat(parts, -1);
  const rows = context.batch * patchSide({ gridSize, border }) ** 2;
  return reshape(joined, [rows, joined.shape.at(-1) ?? 1]);
}
