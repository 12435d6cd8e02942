import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { expect, test } from "vitest";

import { input, mul } from "../graph/index.ts";
import { exportModel, OUTPUT_COPY_GUARD, OUTPUT_COPY_GUARD_MESSAGE } from "../onnx/index.ts";
import { runInto } from "./run-into.ts";

const vector = (...values: readonly number[]): OrtTensor =>
  new OrtTensor("float32", Float32Array.from(values), [values.length]);

async function open(guardsOutputCopies: boolean): Promise<InferenceSession> {
  const x = input("x", [2]);
  return InferenceSession.create(exportModel({ outputs: { y: mul(x, 2) }, guardsOutputCopies }));
}

test.each([true, false])(
  "fills the caller's arrays, with the guard: %s",
  async (guardsOutputCopies) => {
    const session = await open(guardsOutputCopies);
    const y = vector(0, 0);
    const { data } = y;

    await runInto(session, { x: vector(3, 4) }, { y });

    expect(y.data).toBe(data);
    expect([...(data as Float32Array)]).toEqual([6, 8]);
    await session.release();
  },
);

test("the guard is what ends a run that has done its work, and nothing else passes for it", async () => {
  const session = await open(true);
  const y = vector(0, 0);

  await expect(session.run({ x: vector(3, 4) }, { [OUTPUT_COPY_GUARD]: null, y })).rejects.toThrow(
    OUTPUT_COPY_GUARD_MESSAGE,
  );
  await expect(runInto(session, { x: vector(3) }, { y })).rejects.toThrow(/Expected: 2/);
  await session.release();
});
