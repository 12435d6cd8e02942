import type { FeatureReader } from "../data/feature-reader.ts";
import type { InputImage } from "../data/input-image.ts";
import { mapAhead } from "../data/map-ahead.ts";
import type { Scorer } from "../train/scorer.ts";
import type { Prediction } from "./detector-types.ts";
import type { StandardMaps } from "./standard-maps.ts";

type Scoring = {
  readonly reader: FeatureReader;
  readonly scorer: Scorer;
  /** Not null: maps are brought into deviations above good images. */
  readonly standard: StandardMaps | null;
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
  { reader, scorer, standard, signal }: Scoring,
): AsyncGenerator<Prediction, void, void> {
  const encoded = mapAhead(images, reader.ahead, async ({ id, path, category }) => {
    signal.throwIfAborted();
    const picture = await reader.prepare(path).catch(asError);
    const isError = picture instanceof Error;
    return { id, category, outcome: isError ? picture : await reader.features(picture, signal) };
  });
  for await (const { id, category, outcome } of encoded) {
    signal.throwIfAborted();
    if (outcome instanceof Error) {
      yield { id, error: outcome.message };
      continue;
    }
    const raw = await scorer.score(outcome);
    yield { id, ...(standard?.standardise(raw.map, category) ?? raw) };
  }
}
