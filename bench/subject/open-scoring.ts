import {
  createParameters,
  exportModel,
  graphRunner,
  openSession,
  type Session,
  storedParameters,
  type Tensor,
} from "@loupe/model/engine";

import type { CaseOptions } from "../protocol.ts";
import { contextOf, HalfFeeds, methodOf } from "./method-case.ts";
import type { OpenSubject } from "./subject.ts";

export type Scoring = { readonly session: Session; readonly feeds: HalfFeeds };

/** A method's scoring graph with weights as they are before training. */
export async function loadScoring(
  name: string | undefined,
  options: CaseOptions,
): Promise<Scoring> {
  const { provider, threads } = options;
  const method = methodOf(name, options);
  const context = contextOf(method, options);
  const parameters = createParameters(0);
  method.loss(parameters, context);
  const initial: Record<string, Tensor> = Object.fromEntries(
    parameters.all().map(({ attrs }) => [attrs.name, attrs.initial]),
  );
  const derived = method.finalizeWeights?.(parameters, context) ?? {};
  const settled =
    Object.keys(derived).length === 0 ? {} : await graphRunner("cpu").run(derived, {}, initial);
  const scoring = { ...context, steps: 0, stepsPerEpoch: 1 };
  const { tokens, map } = method.maps(storedParameters({ ...initial, ...settled }), scoring);
  const model = exportModel({ outputs: { tokens, map }, target: provider });
  return {
    session: await openSession(model, { provider, threads }),
    feeds: new HalfFeeds([tokens, map]),
  };
}

/** From the encoder's features to the smoothed map. */
export const openScoring: OpenSubject = async (options) => {
  const { session, feeds } = await loadScoring(options.method, options);
  return {
    run: async () => {
      const batch = feeds.next();
      const begin = performance.now();
      await session.run(batch, { consume: true });
      return performance.now() - begin;
    },
    close: () => session.close(),
  };
};
