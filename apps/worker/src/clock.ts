/** The time that a class lives by: the system's, or one that a test moves. */
export type Clock = {
  readonly nowMs: () => number;
  /** Do it once after a while; returns what calls it off. */
  readonly after: (waitMs: number, task: () => void) => () => void;
  /** Do it again and again; returns what ends it. */
  readonly every: (periodMs: number, task: () => void) => () => void;
};

export const clock: Clock = {
  nowMs: () => Date.now(),
  after: (waitMs, task) => {
    const timer = setTimeout(task, waitMs);
    return () => clearTimeout(timer);
  },
  every: (periodMs, task) => {
    const timer = setInterval(task, periodMs);
    return () => clearInterval(timer);
  },
};
