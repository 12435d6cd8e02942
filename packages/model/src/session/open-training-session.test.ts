import { afterEach, expect, test } from "vitest";

import { gradients } from "../autodiff/index.ts";
import {
  add,
  div,
  input,
  log,
  mul,
  parameter,
  random,
  reduceMean,
  square,
  sub,
} from "../graph/index.ts";
import { float32, type Tensor, toNumbers } from "../tensor/index.ts";
import {
  openTrainingSession,
  type TrainingProgram,
  type TrainingSession,
  type TrainingState,
} from "./index.ts";

/** Plain gradient descent on w with noise on the input: a program by hand, without `optim`. */
function program(): TrainingProgram {
  const w = parameter("w", float32([3], [1, 2, 3]));
  const x = add(input("x", [3]), mul(random("noise", [3], { kind: "normal" }), 0.1));
  const loss = reduceMean(square(sub(mul(w, x), 1)));
  const [gradient = w] = gradients(loss, [w]);
  return {
    outputs: {
      loss,
      gradientNorm: reduceMean(square(gradient)),
      "term/part": div(loss, 2),
      "next/w": sub(w, mul(gradient, input("rate", []))),
    },
    state: [{ input: "w", output: "next/w", slots: [{ name: "w", initial: w.attrs.initial }] }],
    trained: new Set(["w"]),
    termNames: ["part"],
    inputNames: new Set(["x", "rate"]),
    randoms: [random("noise", [3], { kind: "normal" })],
    scalars: (_, rate) => ({ rate }),
  };
}

const open: TrainingSession[] = [];
async function start(seed: number, made = program()): Promise<TrainingSession> {
  const session = await openTrainingSession(made, { provider: "cpu", threads: 1, seed });
  open.push(session);
  return session;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((session) => session.close()));
});

async function run(session: TrainingSession, steps: number): Promise<number[]> {
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const feeds = { x: float32([3], [0.5, 1, 1.5]) };
    losses.push((await session.step({ learningRate: 0.1, feeds })).loss);
  }
  return losses;
}

const bits = (state: TrainingState): string =>
  Buffer.from((state.tensors.w!.data as Float32Array).slice().buffer).toString("hex");

test("the same seed gives the same losses and the same bits", async () => {
  const [first, second, other] = [await start(7), await start(7), await start(8)];

  const losses = await run(first, 6);

  expect(await run(second, 6)).toEqual(losses);
  expect(bits(await second.readState())).toBe(bits(await first.readState()));
  expect(await run(other, 6)).not.toEqual(losses);
});

test("going on from a state equals not having stopped", async () => {
  const whole = await start(7);
  const losses = await run(whole, 6);
  const first = await start(7);
  await run(first, 3);
  const state = await first.readState();
  // Later steps must not reach into the copy.
  await run(first, 2);
  const resumed = await start(7);
  await resumed.loadState(state);

  expect(state.step).toBe(3);
  expect(await run(resumed, 3)).toEqual(losses.slice(3));
  expect(bits(await resumed.readState())).toBe(bits(await whole.readState()));
});

test("the loss falls and the terms are reported", async () => {
  const session = await start(1);
  const losses = await run(session, 40);

  expect(losses.at(-1)).toBeLessThan(losses[0]! / 4);
  const { terms, step, loss } = await session.step({
    learningRate: 0.1,
    feeds: { x: float32([3], [0.5, 1, 1.5]) },
  });
  expect(step).toBe(40);
  expect(terms.part).toBeCloseTo(loss / 2, 6);
});

test("reads single arrays as copies", async () => {
  const session = await start(1);
  const { w } = await session.read(["w"]);

  expect(toNumbers(w!)).toEqual([1, 2, 3]);
  await expect(session.read(["v"])).rejects.toThrow('The training state lacks "v".');
});

test("a state of another model is refused", async () => {
  const session = await start(1);

  await expect(session.loadState({ step: 1, tensors: {} })).rejects.toThrow(/lacks "w"/);
});

test("a loss that is no number names the step and the term", async () => {
  const made = program();
  const broken = log(sub(made.outputs.loss!, 1e9));
  const session = await start(1, { ...made, outputs: { ...made.outputs, "term/part": broken } });

  await expect(run(session, 1)).rejects.toThrow(/term "part" became NaN at step 0/);
});

test("an input of the wrong shape is refused and the session lives on", async () => {
  const session = await start(1);
  const wrong: Tensor = float32([4], [0, 0, 0, 0]);

  await expect(session.step({ learningRate: 0.1, feeds: { x: wrong } })).rejects.toThrow(
    /Expected: 3/,
  );
  expect(await run(session, 1)).toHaveLength(1);
});
