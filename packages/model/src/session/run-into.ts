import type { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";

import { BARRIER, BARRIER_MESSAGE } from "../onnx/index.ts";

type OrtTensors = Readonly<Record<string, OrtTensor>>;

/**
 * Run a session that writes every result into an array of `arrays`. Where its model has a barrier
 * (`onnx/barrier.ts`) nothing is copied, and the error that the barrier raises is the expected end.
 */
export async function runInto(
  session: InferenceSession,
  feeds: OrtTensors,
  arrays: OrtTensors,
): Promise<void> {
  if (!session.outputNames.includes(BARRIER)) {
    await session.run(feeds, arrays);
    return;
  }
  try {
    await session.run(feeds, { ...arrays, [BARRIER]: null });
  } catch (error) {
    if (!(error instanceof Error) || error.message !== BARRIER_MESSAGE) throw error;
  }
}
