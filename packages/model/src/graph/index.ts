/**
 * @file Front door of `graph`: values, the operations on them, and shapes that are checked as you write.
 *
 * A model is a function from values to values. Shapes are static: the batch size is
 * known when the graph is built. There is no graph object; an output knows all that
 * it needs, and what no output needs does not exist.
 *
 *     import { add, cosineSimilarity, gelu, input, linear, random, reduceMean, sub } from "../graph/index.ts";
 *     import { createParameters, type Parameters, truncatedNormal, zerosInit } from "../nn/index.ts";
 *
 *     function mlp(p: Parameters, x: Value): Value {
 *       const w = p.get("weight", [384, 64], truncatedNormal(0.02));   // a named parameter, seeded by its name
 *       const b = p.get("bias", [64], zerosInit);
 *       return gelu(linear(x, w, b));
 *     }
 *
 *     const p = createParameters(seed);
 *     const x = input("x", [4, 196, 384]);                             // fed at every run
 *     const noise = random("noise", x.shape, { kind: "normal" });      // fed by the session from (seed, step, name)
 *     const y = mlp(p.scope("decoder"), add(x, noise));                // parameters decoder/weight, decoder/bias
 *     const loss = reduceMean(sub(1, cosineSimilarity(y, target, { axes: [-1] })));
 *
 * Numbers stand for scalars: `mul(x, 0.5)`, `sub(1, y)`.
 *
 * Gradients (`autodiff`) are ordinary values: `gradients(loss, [w, b])`. Nothing flows
 * through `stopGradient`.
 *
 * A training step (`optim`) is one graph that holds forward, backward, clipping and
 * update. State goes in and comes out, and the session keeps it in between:
 *
 *     const graph = trainingGraph({
 *       loss,
 *       terms: { distillation },                       // scalars reported beside the loss
 *       parameters: p.all(),                           // or groups: [{ parameters, decay: 0, rateScale: 0.1 }, …]
 *       optimiser: adamW({ decay: 1e-4, beta1: 0.9, beta2: 0.999 }),
 *       clipNorm: 1,                                   // null for none
 *       average: 0.999,                                // exponential moving average; null for none
 *     });
 *     const session = await openTrainingSession(graph, { provider: "cpu", threads: 2, seed });
 *     const { loss, terms, gradientNorm } = await session.step({ learningRate: schedule(step), feeds: { x } });
 *     const state = await session.readState();         // { step, tensors }: parameters, moments, averages
 *     await session.loadState(state);                  // a resumed run goes on exactly
 *     await session.close();
 *
 * A model is exported with its weights inside and run elsewhere:
 *
 *     const bytes = exportModel({ outputs: { map: y }, parameters: state.tensors });
 *     const session = await openSession(bytes, { provider: "cpu", threads: 2 });
 *     const { map } = await session.run({ x: float32([4, 196, 384], pixels) });
 *     await session.close();
 *
 * A shape error names the line of the model and the shapes that met; `printGraph`
 * shows the whole as text.
 */
export { build, inScope, named } from "./build.ts";
export * from "./contractions.ts";
export * from "./element-wise.ts";
export * from "./images.ts";
export { asValue, constant, constantOf, input, type Operand, parameter, random } from "./leaves.ts";
export * from "./movement.ts";
export { printGraph } from "./print-graph.ts";
export { one, three, two } from "./signature-rules.ts";
export { atSite } from "./site.ts";
export { substitute } from "./substitute.ts";
export {
  type Convolution,
  type GradientRule,
  isKind,
  type OpAttributes,
  type OpKind,
  type Pads,
  type Parameter,
  type Pooling,
  type Site,
  type Value,
} from "./value.ts";
export { type Leaves, leavesOf, topologicalOrder } from "./walk.ts";
