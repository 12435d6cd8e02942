import {
  add,
  addAll,
  cast,
  constant,
  div,
  input,
  linear,
  max,
  min,
  mul,
  reduceMean,
  reduceSum,
  reshape,
  sqrt,
  square,
  sub,
  type Value,
} from "../graph/index.ts";
import {
  LOUPE_GRID_SIZE,
  LOUPE_INPUT_SIZE,
  LOUPE_NORMALISATION,
  loupeTrunk,
} from "../encoders/families/loupe-graph.ts";
import type { LayerStatistics } from "../methods/method.ts";
import { fanInUniform, type Parameters, zerosInit } from "../nn/index.ts";
import { float32 } from "../tensor/index.ts";
import type { TargetMap } from "./teachers.ts";

const TOKENS = LOUPE_GRID_SIZE ** 2;
/** Standardised targets end here; what lies beyond is a rare outlier that would rule the gradient. */
const LIMIT = 5;

/** A teacher's name of one of its maps, under which its head is kept. */
export function headName({ teacher, level }: TargetMap): string {
  return `head/${level}/${teacher}`;
}

/** A map [n, h, w, c] averaged to the token grid, [n, tokens, c]. */
function toTokens(map: Value): Value {
  const [n = 1, h = 1, , c = 1] = map.shape;
  const window = h / LOUPE_GRID_SIZE;
  if (window === 1) return reshape(map, [n, TOKENS, c]);
  const split = reshape(map, [n, LOUPE_GRID_SIZE, window, LOUPE_GRID_SIZE, window, c]);
  return reshape(reduceMean(split, { axes: [2, 4] }), [n, TOKENS, c]);
}

function standardised(target: Value, { mean, std }: LayerStatistics): Value {
  // A channel that never changes says nothing; 1 keeps it at 0.
  const scale = std.map((value) => (value > 1e-6 ? value : 1));
  const factor = scale.map((value) => 1 / value);
  const centred = sub(cast(target, "float32"), constant(float32([mean.length], mean)));
  const values = mul(centred, constant(float32([factor.length], factor)));
  return max(min(values, LIMIT), -LIMIT);
}

/** Mean square difference over all channels, and mean cosine of the tokens, from three sums a token. */
function agreement(predicted: Value, wanted: Value): { square: Value; cosine: Value } {
  const channels = predicted.shape[2] ?? 1;
  const sum = (value: Value): Value => reduceSum(value, { axes: [-1] });
  const [own, both, theirs] = [
    sum(square(predicted)),
    sum(mul(predicted, wanted)),
    sum(square(wanted)),
  ];
  const difference = add(sub(own, mul(2, both)), theirs);
  const lengths = sqrt(add(mul(own, theirs), 1e-6));
  return {
    square: mul(reduceMean(difference), 1 / channels),
    cosine: reduceMean(div(both, lengths)),
  };
}

/**
 * What a student misses of its teachers' maps.
 *
 * A linear head for each map predicts the teacher's tokens, standardised by channel, from the
 * student's map of that level; the loss is the mean over all maps of square difference
 * plus one minus the tokens' cosine. Graph inputs: `pixels` [batch, 256, 256, 3] as bytes and
 * `target0`… [batch, 16², channels] in half precision.
 */
export function studentLoss(
  p: Parameters,
  batch: number,
  sample: { targets: readonly TargetMap[]; statistics: readonly LayerStatistics[] },
): { loss: Value; terms: Record<string, Value> } {
  const side = LOUPE_INPUT_SIZE;
  const bytes = cast(input("pixels", [batch, side, side, 3], "uint8"), "float32");
  const { mean, std } = LOUPE_NORMALISATION;
  const scale = constant(
    float32(
      [3],
      std.map((value) => 255 * value),
    ),
  );
  const pixels = div(
    sub(
      bytes,
      constant(
        float32(
          [3],
          mean.map((value) => 255 * value),
        ),
      ),
    ),
    scale,
  );
  const maps = loupeTrunk(p, pixels, "tokens").map(toTokens);
  const terms: Record<string, Value> = {};
  const losses = sample.targets.map((target, index) => {
    const { level, channels, teacher } = target;
    const map = maps[level] ?? pixels;
    const width = map.shape[2] ?? 1;
    const head = p.scope(headName(target));
    const predicted = linear(
      map,
      head.get("weight", [width, channels], fanInUniform(width)),
      head.get("bias", [channels], zerosInit),
    );
    const fed = input(`target${index}`, [batch, TOKENS, channels], "float16");
    const statistics = sample.statistics[index];
    if (statistics === undefined) throw new Error("Expected statistics for every target.");
    const wanted = standardised(fed, statistics);
    const { square: difference, cosine } = agreement(predicted, wanted);
    terms[`cosine ${teacher} ${level}`] = cosine;
    return add(difference, sub(1, cosine));
  });
  return { loss: mul(addAll(losses), 1 / losses.length), terms };
}
