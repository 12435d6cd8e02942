import { expect, test } from "vitest";

import { add, input, matMul, mul, parameter } from "../graph/index.ts";
import { exportModel } from "../onnx/index.ts";
import { float32, toNumbers } from "../tensor/index.ts";
import { openSession, openSessionCount } from "./index.ts";

const model = exportModel({
  outputs: {
    twice: mul(input("x", [2]), 2),
    sum: add(input("y", [2]), parameter("bias", float32([2], [10, 20]))),
  },
});

test("runs a model in its own thread and closes it", async () => {
  const session = await openSession(model, { provider: "cpu", threads: 1 });
  const feeds = { x: float32([2], [1, 2]), y: float32([2], [1, 2]) };
  const { twice, sum } = await session.run(feeds);

  expect(session.inputNames).toEqual(["x", "y"]);
  expect(toNumbers(twice!)).toEqual([2, 4]);
  expect(toNumbers(sum!)).toEqual([11, 22]);
  expect(openSessionCount()).toBe(1);
  await session.close();
  await session.close();
  expect(openSessionCount()).toBe(0);
  await expect(session.run(feeds)).rejects.toThrow(/Open a new session/);
});

test("computes only the outputs that are asked for, and can take the feeds over", async () => {
  const session = await openSession(model, { provider: "cpu", threads: 1 });
  const feeds = { x: float32([2], [1, 2]), y: float32([2], [1, 2]) };
  const results = await session.run(feeds, { outputs: ["twice"], consume: true });
  await session.close();

  expect(Object.keys(results)).toEqual(["twice"]);
  expect(feeds.x.data).toHaveLength(0);
});

test("calls queue up in order", async () => {
  const session = await openSession(model, { provider: "cpu", threads: 1 });
  const runs = Array.from({ length: 10 }, (_, index) =>
    session.run({ x: float32([2], [index, 0]), y: float32([2], [0, 0]) }, { outputs: ["twice"] }),
  );
  const results = await Promise.all(runs);
  await session.close();

  expect(results.map(({ twice }) => toNumbers(twice!)[0])).toEqual([
    0, 2, 4, 6, 8, 10, 12, 14, 16, 18,
  ]);
});

test("bytes that are no model are refused, and no thread stays behind", async () => {
  const bytes = new TextEncoder().encode("not a model");

  await expect(openSession(bytes, { provider: "cpu" })).rejects.toThrow(
    /Could not open the model on cpu/,
  );
  expect(openSessionCount()).toBe(0);
});

test("stored parameters replace the initial ones, if they fit", async () => {
  const w = parameter("w", float32([2, 2], [1, 0, 0, 1]));
  const outputs = { y: matMul(input("x", [1, 2]), w) };
  const trained = exportModel({ outputs, parameters: { w: float32([2, 2], [0, 1, 1, 0]) } });
  const session = await openSession(trained, { provider: "cpu", threads: 1 });
  const { y } = await session.run({ x: float32([1, 2], [3, 4]) });
  await session.close();

  expect(toNumbers(y!)).toEqual([4, 3]);
  expect(() => exportModel({ outputs, parameters: { w: float32([3], [0, 1, 1]) } })).toThrow(
    'Parameter "w" is float32[2, 2], got float32[3].',
  );
});
