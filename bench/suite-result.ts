import type { Machine } from "./machine.ts";
import type { SuiteName } from "./suites.ts";

/** One side's figures in one case. */
export type Figures = {
  readonly framework: string;
  /** From the description of the model to a session that can run. */
  readonly openMs: number;
  readonly medianMs: number;
  readonly bestMs: number;
  /** Runs that the median is of. */
  readonly runs: number;
  /** Largest resident memory of the process, its runtime included. */
  readonly peakBytes: number;
  readonly values?: readonly number[];
  /** The peer's median over ours: above 1, ours is faster; null on our own side. */
  readonly ratio: number | null;
};

/** A side that was not measured, and why. */
export type Absence = { readonly framework: string; readonly reason: string };

export type CaseResult = {
  readonly name: string;
  readonly title: string;
  readonly options: Readonly<Record<string, number | string>>;
  readonly ours: Figures | Absence;
  readonly peers: readonly (Figures | Absence)[];
  /** Our median over that of the baseline case, such as plain reverse distillation. */
  readonly costOverBaseline: number | null;
};

/** What one suite came to: the JSON that `--json` prints. */
export type SuiteResult = {
  readonly bench: SuiteName;
  /** The command that measured it. */
  readonly command: string;
  readonly measuredAt: string;
  readonly machine: Machine;
  readonly cases: readonly CaseResult[];
};

export function isMeasured(side: Figures | Absence): side is Figures {
  return "medianMs" in side;
}
