import { encodeAnomalyMap } from "@loupe/model";

import type { ComputeTasks, MapBytes } from "./compute-tasks.ts";
import type { ScoringContext } from "./run-evaluate.ts";

/** Score images in this thread. A picture that cannot be read is news of its own. */
export async function runScore(
  { detector: file, images }: ComputeTasks["score"]["input"],
  { news, detectors, signal }: ScoringContext,
): Promise<null> {
  const detector = await detectors.open(file);
  for await (const prediction of detector.score(images, { signal })) {
    if ("error" in prediction) {
      await news.post({ id: prediction.id, error: prediction.error });
      continue;
    }
    const map = encodeAnomalyMap(prediction.map) as MapBytes;
    await news.post({ id: prediction.id, score: prediction.score, map }, [map.buffer]);
  }
  return null;
}
