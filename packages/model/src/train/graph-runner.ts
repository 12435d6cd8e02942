import type { Provider } from "../catalog/providers.ts";
import { leavesOf, type Value } from "../graph/index.ts";
import type { Feeds, GraphRunner, OpenGraph } from "../methods/method.ts";
import { exportModel } from "../onnx/index.ts";
import { openSession } from "../session/index.ts";
import type { Tensor } from "../tensor/index.ts";

/** The feeds that a graph reads; what it does not read must not be fed. */
export function feedsFor(feeds: Feeds, inputNames: ReadonlySet<string>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(feeds).filter(([name]) => inputNames.has(name)));
}

/** Load graphs into sessions of a provider, each in its own thread. */
export function graphRunner(provider: Provider): GraphRunner {
  const open = async (
    outputs: Readonly<Record<string, Value>>,
    weights: Readonly<Record<string, Tensor>> = {},
  ): Promise<OpenGraph> => {
    const { inputs } = leavesOf(Object.values(outputs));
    const names = new Set(inputs.map((leaf) => leaf.attrs.name));
    const model = exportModel({ outputs, parameters: weights, target: provider });
    const session = await openSession(model, { provider });
    return {
      run: (feeds) => session.run(feedsFor(feeds, names)),
      close: () => session.close(),
    };
  };
  return {
    open,
    run: async (outputs, feeds, weights) => {
      const graph = await open(outputs, weights);
      try {
        return await graph.run(feeds);
      } finally {
        await graph.close();
      }
    },
  };
}
