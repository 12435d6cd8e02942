import type { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";

import { OUTPUT_COPY_GUARD, OUTPUT_COPY_GUARD_MESSAGE } from "../onnx/index.ts";

type OrtTensors = Readonly<Record<string, OrtTensor>>;

/**
 * Run a session that writes every result into an array of `arrays`. Where its model has the guard of
 * `onnx/output-copy-guard.ts`, nothing is copied, and the error that the guard raises is the expected
 * end.
 */
export async function runInto(
  session: InferenceSession,
  feeds: OrtTensors,
  arrays: OrtTensors,
): Promise<void> {
  if (!session.outputNames.includes(OUTPUT_COPY_GUARD)) {
    await session.run(feeds, arrays);
    return;
  }
  try {
    await session.run(feeds, { ...arrays, [OUTPUT_COPY_GUARD]: null });
  } catch (error) {
    if (!(error instanceof Error) || error.message !== OUTPUT_COPY_GUARD_MESSAGE) throw error;
  }
}
