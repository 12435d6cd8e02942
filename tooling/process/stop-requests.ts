/**
 * Within this time a second signal is the first one again: npm passes a Ctrl-C on that the terminal
 * has sent to everyone already.
 */
const SAME_REQUEST_MS = 2_000;

type StopRequests = {
  /** Asked for the first time: everything stops in order. */
  readonly onStop: () => void;
  /** Asked again, by someone who does not want to wait. */
  readonly onLeave: () => void;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
};

/** What to call for every signal that asks to stop. */
export function stopRequests({
  onStop,
  onLeave,
  now = () => performance.now(),
}: StopRequests): () => void {
  let askedAt: number | null = null;
  return () => {
    if (askedAt === null) {
      askedAt = now();
      onStop();
    } else if (now() - askedAt > SAME_REQUEST_MS) {
      onLeave();
    }
  };
}
