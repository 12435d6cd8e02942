/** @file Front door of `session`: ONNX Runtime, each session in a thread of its own. */
export { openSession, type RunOptions, type Session } from "./open-session.ts";
export {
  DivergedError,
  openTrainingSession,
  type StepRequest,
  type StepResult,
  type TrainingSession,
  type TrainingSessionOptions,
  type TrainingState,
} from "./open-training-session.ts";
export { probeProviders, type ProviderProbe } from "./probe-providers.ts";
export type { Provider, SessionOptions, Tensors } from "./protocol.ts";
export { openSessionCount } from "./session-host.ts";
export { RUNS_PER_SESSION, SessionPool, type SessionPoolOptions } from "./session-pool.ts";
export { initialSlots, joinSlots, partSlots } from "./state-arrays.ts";
export type { StateArray, TrainingProgram } from "./training-program.ts";
