import {
  add,
  and,
  cast,
  constantOf,
  div,
  exp,
  less,
  lessOrEqual,
  max,
  min,
  mul,
  random,
  reduceSum,
  reshape,
  separable,
  slice,
  sqrt,
  sub,
  type Value,
  where,
} from "../../../graph/index.ts";
import { interpolationWeights } from "../../shared/upsample-tokens.ts";

const MOST_RECTANGLES = 4;
/** Shares of the grid that a mask covers, from and to. */
const LEAST_AREA = 0.02;
const LARGEST_AREA = 0.4;
/** Side of the coarse noise whose smooth interpolation is cut into blobs. */
const COARSE = 5;

/** Uniform numbers by name, each [images, 1, 1], from one leaf. */
type Draws = (column: number) => Value;

function draws(name: string, images: number, columns: number): Draws {
  const leaf = random(name, [images, columns], { kind: "uniform", low: 0, high: 1 });
  return (column) =>
    reshape(slice(leaf, { axis: 1, start: column, end: column + 1 }), [images, 1, 1]);
}

/** 1 where the centres of a grid's rows (or columns) lie in [from, from + extent), else 0. */
function inside(centres: Value, from: Value, extent: Value): Value {
  return cast(and(lessOrEqual(from, centres), less(centres, add(from, extent))), "float32");
}

/**
 * A union of 1 to 4 rectangles, [images, gridSize, gridSize]. Each has the same area, together at
 * most `area` of the grid and each at least `LEAST_AREA`, sides within 1 : 2.
 */
function rectangles(draw: Draws, gridSize: number): Value {
  const centres = Array.from({ length: gridSize }, (_, index) => index + 0.5);
  const rows = constantOf(centres, [1, gridSize, 1]);
  const columns = constantOf(centres, [1, 1, gridSize]);
  const count = add(mul(draw(0), MOST_RECTANGLES), 1e-6);
  const whole = [1, 2, 3].reduce<Value>(
    (sum, next) => add(sum, cast(less(next, count), "float32")),
    constantOf(1),
  );
  // From LEAST_AREA each to LARGEST_AREA together.
  const least = mul(whole, LEAST_AREA);
  const total = add(least, mul(draw(1), sub(LARGEST_AREA, least)));
  const cells = mul(div(total, whole), gridSize ** 2);
  let union: Value | null = null;
  for (let index = 0; index < MOST_RECTANGLES; index++) {
    const at = 2 + 3 * index;
    const [aspect, top, left] = [draw(at), draw(at + 1), draw(at + 2)];
    const ratio = exp(mul(sub(aspect, 0.5), Math.log(2)));
    const side = sqrt(cells);
    const height = min(max(mul(side, ratio), 1), gridSize);
    const width = min(max(div(cells, height), 1), gridSize);
    const vertical = inside(rows, mul(top, sub(gridSize, height)), height);
    const horizontal = inside(columns, mul(left, sub(gridSize, width)), width);
    const exists = cast(less(index, count), "float32");
    const one = mul(mul(vertical, horizontal), exists);
    union = union === null ? one : max(union, one);
  }
  if (union === null) throw new Error("Expected at least one rectangle.");
  return union;
}

/** Smooth noise cut where it covers a share between both areas, [images, gridSize, gridSize]. */
function blobs(name: string, draw: Draws, { images, gridSize }: MaskShape): Value {
  const coarse = random(name, [images, 1, COARSE, COARSE], { kind: "normal" });
  const weights = constantOf(
    interpolationWeights({
      gridSize: COARSE,
      inputSize: gridSize,
      origin: 0,
      stride: Math.max((gridSize - 1) / (COARSE - 1), 0.1),
    }),
    [gridSize, COARSE],
  );
  const tokens = gridSize ** 2;
  const field = reshape(separable(coarse, weights, weights), [images, tokens]);
  const share = add(mul(draw(1), LARGEST_AREA - LEAST_AREA), LEAST_AREA);
  const wanted = max(mul(reshape(share, [images, 1]), tokens), 1);
  // As many are kept as have fewer than `wanted` tokens above them.
  const above = less(reshape(field, [images, tokens, 1]), reshape(field, [images, 1, tokens]));
  const rank = reduceSum(cast(above, "float32"), { axes: [-1] });
  return cast(less(rank, wanted), "float32");
}

export type MaskShape = { readonly images: number; readonly gridSize: number };

/**
 * Which patches of an image become anomalous: 0 or 1, [images, gridSize², 1], covering 2 to 40 %
 * of the grid with 1 to 4 rectangles or, in half of the images, with blobs of smooth noise.
 */
export function patchMasks(name: string, shape: MaskShape): Value {
  const { images, gridSize } = shape;
  const tokens = gridSize ** 2;
  const draw = draws(`${name}/places`, images, 3 + 3 * MOST_RECTANGLES);
  const boxes = reshape(rectangles(draw, gridSize), [images, tokens]);
  const isBlob = less(reshape(draw(2 + 3 * MOST_RECTANGLES), [images, 1]), 0.5);
  const mask = where(isBlob, blobs(`${name}/field`, draw, shape), boxes);
  return reshape(mask, [images, tokens, 1]);
}
