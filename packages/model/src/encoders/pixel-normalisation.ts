/** How an encoder wants its pixels: (value / 255 − mean) / std for each of red, green, blue. */
export type PixelNormalisation = {
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
};
