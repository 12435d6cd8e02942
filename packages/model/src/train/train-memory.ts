import type { MemoryData, MemoryMethod } from "../methods/method.ts";
import type { Tensor } from "../tensor/index.ts";
import { graphRunner } from "./graph-runner.ts";
import { ProbeViewer } from "./probe-viewer.ts";
import { StepPace } from "./step-pace.ts";
import { storedFeatures } from "./stored-features.ts";
import type { TrainEvent } from "./train-events.ts";
import type { TrainingSetup } from "./training-setup.ts";

type Memorised = { readonly weights: Readonly<Record<string, Tensor>>; readonly loss: number };

/**
 * Fill a method's memory, one step event a round, and look at the probes once it is full.
 *
 * It leaves no checkpoint: with the features cached, starting anew costs seconds.
 */
export async function* trainMemory(
  setup: TrainingSetup<MemoryMethod>,
): AsyncGenerator<TrainEvent, Memorised, void> {
  const { options, method, context, prepared } = setup;
  const { steps, seed, provider, signal } = options;
  const data: MemoryData = {
    ...graphRunner(provider),
    seed,
    steps,
    images: prepared.hashes.length,
    signal,
    features: (index) => storedFeatures(prepared, index),
  };
  yield { type: "stage", stage: "training", done: 0, total: steps };
  const pace = new StepPace();
  const rounds = method.fit(context, data);
  let loss = 0;
  for (;;) {
    const next = await rounds.next();
    signal.throwIfAborted();
    if (next.done === true) {
      const weights = next.value;
      if (prepared.probes.length > 0) {
        const probes = new ProbeViewer(setup);
        const images = await probes.view(weights).finally(() => probes.close());
        yield { type: "probe", step: steps, images };
      }
      return { weights, loss };
    }
    const { step, terms } = next.value;
    loss = next.value.loss;
    const stepsPerSecond = pace.tick();
    const secondsLeft = (steps - step) / stepsPerSecond;
    yield { type: "step", step, steps, loss, terms: { ...terms }, stepsPerSecond, secondsLeft };
  }
}
