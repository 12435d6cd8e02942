import { input } from "../graph/index.ts";
import { exportModel } from "../onnx/index.ts";
import { float32, mixSeed, sample, type Tensor, toNumbers } from "../tensor/index.ts";
import { describe, ownBuffers } from "./open-session.ts";
import type { KeptState, SessionOptions, Tensors } from "./protocol.ts";
import { SessionHost } from "./session-host.ts";
import { initialSlots, joinSlots, partSlots, shapeOf } from "./state-arrays.ts";
import type { StateArray, TrainingProgram } from "./training-program.ts";

export type TrainingSessionOptions = SessionOptions & {
  /** Together with the step's number it determines every random sample. */
  readonly seed: number;
};

export type StepRequest = {
  /** Learning rate of this step. */
  readonly learningRate: number;
  /** The batch. Its buffers are handed over to the session and must not be used again. */
  readonly feeds: Tensors;
};

export type StepResult = {
  readonly step: number;
  readonly loss: number;
  /** Norm of all gradients together, before clipping. */
  readonly gradientNorm: number;
  readonly terms: Readonly<Record<string, number>>;
  /** Where parameters, moments and averages lie after the step: "cpu", "gpu-buffer". */
  readonly stateLocations: readonly string[];
};

/** All that a run needs in order to go on exactly where it was. */
export type TrainingState = {
  /** Steps done. */
  readonly step: number;
  readonly tensors: Tensors;
};

/** A training graph whose state lives in the session's thread (on the GPU for `webgpu`). */
export interface TrainingSession {
  /** Run the next step and give what the screen shows; the state stays where it is. */
  step(request: StepRequest): Promise<StepResult>;
  /** Copies of parameters, moments and averages. */
  readState(): Promise<TrainingState>;
  /** Copies of the named arrays only, such as the parameters for a look at a probe. */
  read(names: readonly string[]): Promise<Record<string, Tensor>>;
  /** Go on from a state that was read before. */
  loadState(state: TrainingState): Promise<void>;
  close(): Promise<void>;
}

/** The loss of a step was not a number, so nothing after it can be trusted. */
export class DivergedError extends Error {
  override readonly name = "DivergedError";

  constructor(
    readonly step: number,
    readonly term: string,
    readonly value: number,
  ) {
    super(
      `The ${term === "loss" ? "loss" : `term "${term}"`} became ${value} at step ${step}. ` +
        `Lower the learning rate or clip the gradient, and go on from the last checkpoint.`,
    );
  }
}

/** Load a training graph with its initial state. */
export async function openTrainingSession(
  program: TrainingProgram,
  options: TrainingSessionOptions,
): Promise<TrainingSession> {
  const host = new SessionHost();
  try {
    const model = exportModel({
      outputs: program.outputs,
      fed: program.trained,
      target: options.provider,
      guardsOutputCopies: options.provider === "cpu",
    });
    const { seed: _, ...runtime } = options;
    const kept = options.provider === "webgpu" ? keptOnDevice(program) : null;
    const request = { type: "open", model, options: runtime, kept, trains: true } as const;
    await host.ask(request, [model.buffer as ArrayBuffer]);
    return await startTraining(host, program, options.seed);
  } catch (error) {
    await host.terminate();
    throw describe(error, options);
  }
}

function keptOnDevice(program: TrainingProgram): KeptState {
  const outputs = Object.fromEntries(
    program.state.map((array) => {
      const dtype = array.slots[0]?.initial.dtype;
      return [`read/${array.input}`, input(array.input, shapeOf(array), dtype)];
    }),
  );
  return {
    outputs: program.state.map((array) => array.output),
    reader: exportModel({ outputs, target: "webgpu" }),
  };
}

async function startTraining(
  host: SessionHost,
  program: TrainingProgram,
  seed: number,
): Promise<TrainingSession> {
  const arrays = program.state.map(({ input, output }) => ({ input, output }));
  const reported = ["loss", "gradientNorm", ...program.termNames.map((name) => `term/${name}`)];
  let done = 0;
  let ready: { readonly step: number; readonly samples: Tensors } | null = null;

  const bind = async (slots: Tensors): Promise<void> => {
    const state = joinSlots(program.state, slots);
    await host.ask({ type: "bind", arrays, state });
  };
  const read = async (wanted: readonly StateArray[]): Promise<Record<string, Tensor>> => {
    const { tensors } = await host.ask({
      type: "readState",
      names: wanted.map(({ input }) => input),
    });
    const parts = wanted.map((array) => partSlots(array, required(tensors, array.input)));
    return Object.assign({}, ...parts) as Record<string, Tensor>;
  };
  const samplesOf = (step: number): Tensors => {
    if (ready?.step === step) return ready.samples;
    const samples: Record<string, Tensor> = {};
    for (const { attrs } of program.randoms) {
      const { name, shape, distribution } = attrs;
      samples[name] = sample(distribution, shape, mixSeed(seed, step, name));
    }
    return samples;
  };
  await bind(initialSlots(program));

  return {
    step: async ({ learningRate, feeds }) => {
      const step = done;
      const samples = samplesOf(step);
      const scalars: Record<string, Tensor> = {};
      for (const [name, value] of Object.entries(program.scalars(step, learningRate))) {
        scalars[name] = float32([], [value]);
      }
      const all = { ...feeds, ...samples, ...scalars };
      const answer = host.ask({ type: "step", feeds: all, outputs: reported }, ownBuffers(all));
      // The samples of the next step are made while this one runs.
      ready = { step: step + 1, samples: samplesOf(step + 1) };
      const { tensors, stateLocations } = await answer;
      done = step + 1;
      return { ...readStep(step, tensors, program.termNames), stateLocations };
    },
    readState: async () => ({ step: done, tensors: await read(program.state) }),
    read: async (names) => {
      const holders = program.state.filter(({ slots }) =>
        slots.some(({ name }) => names.includes(name)),
      );
      const tensors = await read(holders);
      return Object.fromEntries(names.map((name) => [name, required(tensors, name)]));
    },
    loadState: async (state) => {
      await bind(state.tensors);
      done = state.step;
    },
    close: () => host.close(),
  };
}

function required(tensors: Tensors, name: string): Tensor {
  const value = tensors[name];
  if (value === undefined) throw new Error(`The training state lacks "${name}".`);
  return value;
}

/** @throws DivergedError when the loss or a term is NaN or infinite */
function readStep(
  step: number,
  tensors: Tensors,
  termNames: readonly string[],
): Omit<StepResult, "stateLocations"> {
  const scalar = (name: string): number => {
    const value = tensors[name];
    return value === undefined ? Number.NaN : (toNumbers(value)[0] ?? Number.NaN);
  };
  const terms = Object.fromEntries(termNames.map((name) => [name, scalar(`term/${name}`)]));
  const loss = scalar("loss");
  const gradientNorm = scalar("gradientNorm");
  for (const [name, value] of Object.entries({ ...terms, loss, gradientNorm })) {
    if (!Number.isFinite(value)) throw new DivergedError(step, name, value);
  }
  return { step, loss, gradientNorm, terms };
}
