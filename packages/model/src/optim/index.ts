/** @file Front door of `optim`: update rules, schedules, and the graph of one training step. */
export { adam, type AdamOptions, adamW } from "./adam.ts";
export { muon } from "./muon.ts";
export type { GroupSettings, Optimiser } from "./optimiser.ts";
export { type Schedule, type ScheduleOptions, warmUpCosine, warmUpLinear } from "./schedule.ts";
export {
  type Buffer,
  type ParameterGroup,
  trainingGraph,
  type TrainingRequest,
} from "./training-graph.ts";
