/** Why a run stopped before its end, other than by a failure. */
export type Interruption =
  /** A person asked for it. */
  | "cancelled"
  /** Its turn is over: it goes on from its checkpoint when it is its organisation's turn again. */
  | "turn-over"
  /** Another worker holds the run now: nothing may be written for it any more. */
  | "lost";

const SENTENCES = {
  cancelled: "The run was cancelled.",
  "turn-over": "The run's turn is over.",
  lost: "The run is held by another worker now.",
} as const satisfies Record<Interruption, string>;

/** The reason of a run's abort signal. */
export class RunInterrupted extends Error {
  override readonly name = "RunInterrupted";

  constructor(readonly interruption: Interruption) {
    super(SENTENCES[interruption]);
  }
}
