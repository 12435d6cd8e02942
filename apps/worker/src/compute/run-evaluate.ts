import { encodeAnomalyMap, evaluate } from "@loupe/model";

import type { ComputeTasks, MapBytes } from "./compute-tasks.ts";
import type { DetectorHolder } from "./detector-holder.ts";
import type { NewsPort } from "./news-port.ts";

/** What a task that scores images runs with. */
export type ScoringContext = {
  readonly news: NewsPort;
  readonly detectors: DetectorHolder;
  readonly signal: AbortSignal;
};

/** Evaluate a detector on labelled images in this thread. */
export async function runEvaluate(
  { detector: file, images }: ComputeTasks["evaluate"]["input"],
  { news, detectors, signal }: ScoringContext,
): Promise<ComputeTasks["evaluate"]["result"]> {
  const detector = await detectors.open(file);
  const events = evaluate({ detector, images, signal });
  for (;;) {
    const next = await events.next();
    if (next.done === true) return { info: detector.info, metrics: next.value };
    const event = next.value;
    const { id, done, total } = event;
    if (event.type === "unreadable") {
      await news.post({ id, error: event.error, done, total });
      continue;
    }
    const map = encodeAnomalyMap(event.map) as MapBytes;
    await news.post({ id, score: event.score, map, done, total }, [map.buffer]);
  }
}
