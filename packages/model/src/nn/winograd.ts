/**
 * @file 3 × 3 convolutions by Winograd's minimal filtering, F(2 × 2, 3 × 3) (Lavin & Gray 2016).
 *
 * A tile of 2 × 2 results needs 16 products a channel instead of 36:
 *
 *   Y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A
 *
 * for the 4 × 4 pixels d that the tile sees and the kernel g. All four transforms are matrix products
 * with a constant, and ⊙ is one product for each of the 16 places over all tiles and channels.
 * The gradients are the same products turned round, so they are saved too.
 */
import { constantOf, matMul, reshape, type Value, withGradient } from "../graph/index.ts";
import {
  gatherRows,
  NO_ROW,
  readersOf,
  readRows,
  readRowsBeside,
  sumLists,
} from "./gather-rows.ts";

type Matrix = readonly (readonly number[])[];

const B_TRANSPOSED: Matrix = [
  [1, 0, -1, 0],
  [0, 1, 1, 0],
  [0, -1, 1, 0],
  [0, 1, 0, -1],
];
const G: Matrix = [
  [1, 0, 0],
  [0.5, 0.5, 0.5],
  [0.5, -0.5, 0.5],
  [0, 0, 1],
];
const A_TRANSPOSED: Matrix = [
  [1, 1, 1, 0],
  [0, 1, -1, -1],
];

/** Side of the results of a tile, and of the pixels that it sees. */
const TILE = 2;
const SEEN = 4;

/** The matrix that works on both axes of a square at once: M ⊗ M. */
function onBothAxes(matrix: Matrix): Matrix {
  return matrix.flatMap((upper) =>
    matrix.map((lower) => upper.flatMap((left) => lower.map((right) => left * right))),
  );
}

const transposed = (matrix: Matrix): Matrix =>
  (matrix[0] ?? []).map((_, column) => matrix.map((row) => row[column] ?? 0));

const PIXELS = onBothAxes(B_TRANSPOSED);
const KERNEL = onBothAxes(G);
const RESULTS = onBothAxes(A_TRANSPOSED);
/** The transform of pixels turned round, and a row of zeros for the places that no tile sees. */
const PIXELS_BACK = [...transposed(PIXELS), PIXELS.map(() => 0)];

function times(matrix: Matrix, x: Value): Value {
  return matMul(constantOf(matrix.flat(), [matrix.length, matrix[0]?.length ?? 0]), x);
}

type Grid = { readonly n: number; readonly h: number; readonly w: number };

/**
 * The convolution of pixels x [n, h, w, c] with a kernel [3, 3, c, out] at every pixel, zeros
 * beyond the border: [n, h, w, out].
 */
export function winogradConvolution(x: Value, kernel: Value): Value {
  const [n = 1, h = 1, w = 1, channels = 1] = x.shape;
  const width = kernel.shape.at(-1) ?? 1;
  const grid = { n, h, w };
  const seen = transformedPixels(reshape(x, [n * h * w, channels]), grid);
  const weights = times(KERNEL, reshape(kernel, [9, channels * width]));
  const products = matMul(seen, reshape(weights, [SEEN ** 2, channels, width]));
  const tiles = tileCount(grid);
  const results = times(RESULTS, reshape(products, [SEEN ** 2, tiles * width]));
  const rows = gatherRows(reshape(results, [TILE ** 2 * tiles, width]), placesOfPixels(grid));
  return reshape(rows, [n, h, w, width]);
}

/** Bᵀ d B of every tile: pixels [n h w, c] → [16, tiles, c]. */
function transformedPixels(pixels: Value, grid: Grid): Value {
  const tiles = tileCount(grid);
  const channels = pixels.shape[1] ?? 1;
  const rows = pixelsOfTiles(grid);
  const flat = [SEEN ** 2, tiles * channels];
  const value = times(PIXELS, reshape(readRows(pixels, rows), flat));
  const rule = (dy: Value): readonly Value[] => {
    const back = times(PIXELS_BACK, reshape(dy, flat));
    const { most, places } = readersOf(rows, pixels.shape[0] ?? 0);
    const byPlace = reshape(back, [(SEEN ** 2 + 1) * tiles, channels]);
    return [sumLists(readRowsBeside(byPlace, places, SEEN ** 2 * tiles), most)];
  };
  return withGradient(reshape(value, [SEEN ** 2, tiles, channels]), [pixels], rule);
}

const tilesAlong = (extent: number): number => Math.ceil(extent / TILE);

const tileCount = ({ n, h, w }: Grid): number => n * tilesAlong(h) * tilesAlong(w);

/** For each of the 16 places and each tile the pixel there, by its row in [n h w, c]. */
function pixelsOfTiles(grid: Grid): Int32Array {
  const { h, w } = grid;
  const [down, across] = [tilesAlong(h), tilesAlong(w)];
  const count = tileCount(grid);
  return Int32Array.from({ length: SEEN ** 2 * count }, (_, index) => {
    const place = Math.floor(index / count);
    const tile = index % count;
    const image = Math.floor(tile / (down * across));
    const y = TILE * (Math.floor(tile / across) % down) + Math.floor(place / SEEN) - 1;
    const x = TILE * (tile % across) + (place % SEEN) - 1;
    const isInside = y >= 0 && y < h && x >= 0 && x < w;
    return isInside ? (image * h + y) * w + x : NO_ROW;
  });
}

/** For each pixel its row in the results [4 tiles, out]. */
function placesOfPixels(grid: Grid): Int32Array {
  const { n, h, w } = grid;
  const [down, across] = [tilesAlong(h), tilesAlong(w)];
  const count = tileCount(grid);
  return Int32Array.from({ length: n * h * w }, (_, pixel) => {
    const image = Math.floor(pixel / (h * w));
    const [y, x] = [Math.floor(pixel / w) % h, pixel % w];
    const tile = (image * down + Math.floor(y / TILE)) * across + Math.floor(x / TILE);
    return (TILE * (y % TILE) + (x % TILE)) * count + tile;
  });
}
