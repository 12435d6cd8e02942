import { topMean } from "./top-mean.ts";

/** The settings that decide an image's score; `SCORE_SETTINGS` of the catalogue. */
type ScoreChoice = {
  readonly imageScore: "max" | "top-tokens";
  readonly topTokenShare: number;
};

/** One image's score: the peak of its smoothed map, or the mean of its highest tokens. */
export function imageScore({
  imageScore: kind,
  topTokenShare,
}: ScoreChoice): (tokens: Float32Array, map: Float32Array) => number {
  return (tokens, map) =>
    kind === "max" ? topMean(map, 1) : topMean(tokens, tokens.length * topTokenShare);
}
