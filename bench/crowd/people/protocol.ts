/** What the process with the people is told by the one with the site. */
export type CrowdTask = {
  readonly address: string;
  /** Where the site's pages live: what browsers send as their origin. */
  readonly origin: string;
  readonly projectId: string;
  /** Each person's session; the last may give verdicts too. */
  readonly cookies: readonly string[];
  readonly cases: readonly { readonly id: string; readonly version: number }[];
  /** Verdicts a second. */
  readonly pace: number;
  /** Each person opens another case this often. */
  readonly moveEveryMs: number;
};

/** What the people measured, on one clock. */
export type CrowdReport = {
  readonly joined: number;
  /** From the first connection to the moment at which everyone is in and present. */
  readonly joinMs: number;
  /** From the call of each verdict to its event, at each of the people who were watched. */
  readonly verdictMs: readonly number[];
  readonly verdicts: number;
  readonly lost: number;
  /** Presence messages that all people together, and the one who got most, heard a second meanwhile. */
  readonly presencePerSecond: number;
  readonly mostPresencePerSecond: number;
  /** Most people of whom one browser knew by name. */
  readonly mostShown: number;
};
