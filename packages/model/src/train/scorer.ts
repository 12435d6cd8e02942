import type { Provider } from "../catalog/providers.ts";
import type { AnomalyMap } from "../data/anomaly-map.ts";
import type { Features } from "../encoders/feature-store.ts";
import type { Method, MethodContext } from "../methods/method.ts";
import { storedParameters } from "../nn/index.ts";
import { exportModel } from "../onnx/index.ts";
import { openSession, type Session } from "../session/index.ts";
import type { Tensor } from "../tensor/index.ts";
import { feedsFor } from "./graph-runner.ts";
import { stackFeatures } from "./stack-features.ts";

export type ScorerOptions = {
  readonly method: Method;
  /** What the graphs were trained for; the batch is 1 whatever it says. */
  readonly context: MethodContext;
  readonly provider: Provider;
  /** True when the weights change: every score is then given them, and none is stored in the model. */
  readonly refilled?: boolean;
};

type Weights = Readonly<Record<string, Tensor>>;

function floats(tensors: Record<string, Tensor>, name: string): Float32Array {
  const data = tensors[name]?.data;
  if (!(data instanceof Float32Array)) throw new Error(`Expected the floats of ${name}, got none.`);
  return data;
}

/** A method's scoring graph in a session. One image a run, so no score depends on neighbours. */
export class Scorer {
  readonly #options: ScorerOptions;
  readonly #session: Session;
  readonly #inputs: ReadonlySet<string>;

  private constructor(options: ScorerOptions, session: Session) {
    this.#options = options;
    this.#session = session;
    this.#inputs = new Set(session.inputNames);
  }

  /**
   * @param weights the trained parameters by name
   * @throws when a weight that the method's maps need is missing or of another shape
   */
  static async open(options: ScorerOptions, weights: Weights): Promise<Scorer> {
    const { method, context, provider, refilled = false } = options;
    const scoring = { ...context, batch: 1, text: null, steps: 0, stepsPerEpoch: 1 };
    const { tokens, map } = method.maps(storedParameters(weights), scoring);
    const fed = new Set(refilled ? Object.keys(weights) : []);
    const model = exportModel({ outputs: { tokens, map }, fed, target: provider });
    return new Scorer(options, await openSession(model, { provider }));
  }

  /** @param weights what a refilled scorer scores with */
  async score(
    features: Features,
    weights: Weights = {},
  ): Promise<{ score: number; map: AnomalyMap }> {
    const { method, context } = this.#options;
    const feeds = { ...stackFeatures([features], context), ...weights };
    const outputs = await this.#session.run(feedsFor(feeds, this.#inputs));
    const values = floats(outputs, "map");
    const side = context.inputSize;
    return {
      score: method.imageScore(floats(outputs, "tokens"), values),
      map: { width: side, height: side, values },
    };
  }

  async close(): Promise<void> {
    await this.#session.close();
  }
}
