import {
  createParameters,
  graphRunner,
  openTrainingSession,
  programOf,
  withInitialValues,
} from "@loupe/model/engine";

import { contextOf, HalfFeeds, methodOf } from "./method-case.ts";
import type { OpenSubject } from "./subject.ts";

/** The training step of a method: forward, backward, clipping and update. */
export const openTraining: OpenSubject = async (options) => {
  const { provider, threads } = options;
  const method = methodOf(options.method, options);
  const parameters = createParameters(0);
  const context = contextOf(method, options);
  const program = programOf(method, parameters, context);
  const feeds = new HalfFeeds(Object.values(program.outputs));
  // A method that measures its start, such as an invertible network, is not itself without it.
  const measured = await method.prepare?.(parameters, context, {
    ...graphRunner(provider),
    seed: 0,
    async *batches(count) {
      for (let batch = 0; batch < count; batch++) yield await Promise.resolve(feeds.next());
    },
  });
  const started = withInitialValues(program, measured ?? {});
  const session = await openTrainingSession(started, { provider, threads, seed: 0 });
  return {
    run: async () => {
      const batch = feeds.next();
      const begin = performance.now();
      await session.step({ learningRate: 1e-4, feeds: batch });
      return performance.now() - begin;
    },
    close: () => session.close(),
  };
};
