/** Why a run stopped before its end, other than by a failure. */
export type Interruption =
  /** A person asked for it. */
  | "cancelled"
  /** Another worker holds the run now: nothing may be written for it any more. */
  | "lost";

/** The reason of a run's abort signal. */
export class RunInterrupted extends Error {
  override readonly name = "RunInterrupted";

  constructor(readonly interruption: Interruption) {
    super(
      interruption === "cancelled"
        ? "The run was cancelled."
        : "The run is held by another worker now.",
    );
  }
}
