import type { Scope } from "../../scope.ts";
import { runProgress } from "./run-progress.ts";
import { runReads } from "./run-reads.ts";
import { runRequests } from "./run-requests.ts";
import type { RunProgress, RunReads, RunRequests } from "./run-types.ts";

export type RunsRepository = RunReads & RunRequests & RunProgress;

export function runsRepository(scope: Scope): RunsRepository {
  return { ...runReads(scope), ...runRequests(scope), ...runProgress(scope) };
}
