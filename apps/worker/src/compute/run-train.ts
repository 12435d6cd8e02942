import { encodeAnomalyMap, train, type TrainResult } from "@loupe/model";

import { RunJournal } from "../training/run-journal.ts";
import type { ComputeTasks, MapBytes } from "./compute-tasks.ts";
import type { NewsPort } from "./news-port.ts";

/** Train in this thread, keeping the journal and telling what happens. */
export async function runTrain(
  { options, journalFile }: ComputeTasks["train"]["input"],
  news: NewsPort,
  signal: AbortSignal,
): Promise<TrainResult> {
  const journal = new RunJournal(journalFile);
  const events = train({ ...options, signal });
  let isResumed = false;
  let hasStepped = false;
  for (;;) {
    const next = await events.next();
    if (next.done === true) return next.value;
    const event = next.value;
    if (event.type === "resumed") isResumed = true;
    if (event.type === "step") {
      if (!hasStepped && !isResumed) journal.clear();
      hasStepped = true;
      // Written before the library goes on, so also before the checkpoint that covers this step:
      // a run that resumes there finds every point up to it, whatever the database had missed.
      journal.append(event);
    }
    if (event.type !== "probe") {
      await news.post(event);
      continue;
    }
    const images = event.images.map(({ id, score, map }) => ({
      id,
      score,
      map: encodeAnomalyMap(map) as MapBytes,
    }));
    await news.post(
      { type: "probe", step: event.step, images },
      images.map(({ map }) => map.buffer),
    );
    // Stored before training goes on: a probe is not in the journal.
    await news.settle();
  }
}
