import type { FeatureReader } from "../data/feature-reader.ts";
import type { InputImage } from "../data/input-image.ts";
import { mapAhead } from "../data/map-ahead.ts";
import type { Scorer } from "../train/scorer.ts";
import type { Prediction } from "./detector-types.ts";

type Scoring = {
  readonly reader: FeatureReader;
  readonly scorer: Scorer;
  readonly signal: AbortSignal;
};

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/**
 * Scores in the order given. A picture that cannot be read does not stop the others.
 *
 * The pictures that follow are decoded and encoded while one is scored.
 */
export async function* scoreImages(
  images: readonly InputImage[],
  { reader, scorer, signal }: Scoring,
): AsyncGenerator<Prediction, void, void> {
  const encoded = mapAhead(images, reader.ahead, async ({ id, path }) => {
    signal.throwIfAborted();
    const picture = await reader.prepare(path).catch(asError);
    const isError = picture instanceof Error;
    return { id, outcome: isError ? picture : await reader.features(picture, signal) };
  });
  for await (const { id, outcome } of encoded) {
    signal.throwIfAborted();
    if (outcome instanceof Error) yield { id, error: outcome.message };
    else yield { id, ...(await scorer.score(outcome)) };
  }
}
