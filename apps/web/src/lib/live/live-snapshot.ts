import type { Presence } from "@loupe/contracts";

import type { LiveState } from "./line-state.ts";

/** What a page shows of its line to the server and of who else is there. */
export type LiveSnapshot = {
  readonly state: LiveState;
  readonly sequence: number;
  /** The tabs in the project apart from this one; of a crowd only some. */
  readonly others: readonly Presence[];
  /** How many people are in the project, me included. */
  readonly people: number;
  /** How many people look at the same case or run, me included. */
  readonly peopleOnFocus: number;
  /** After a loss: how many changes were caught up, until the message is taken down. */
  readonly caughtUp: number | null;
  /** Why the server turned the connection down, in its words. */
  readonly refusal: string | null;
  /** False while the server is there and has lost its database: then nothing is live either. */
  readonly isDatabaseUp: boolean;
};

/** A page that has not been let in yet, built from the data up to an event. */
export function startSnapshot(sequence: number): LiveSnapshot {
  return {
    state: "connecting",
    sequence,
    others: [],
    people: 0,
    peopleOnFocus: 0,
    caughtUp: null,
    refusal: null,
    isDatabaseUp: true,
  };
}
