/** The time, and work that waits for it. */
export type Clock = {
  readonly nowMs: () => number;
  /** Run work after a while; returns what calls it off. */
  readonly schedule: (work: () => void, afterMs: number) => () => void;
};

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  schedule: (work, afterMs) => {
    const timer = setTimeout(work, afterMs);
    return () => clearTimeout(timer);
  },
};
