/** `connecting` is the first connection of the page; `reconnecting` follows a loss. */
export type LiveState = "connecting" | "live" | "reconnecting" | "offline";

/** What is known of the line to the server and, behind it, its database. */
export type LineSigns = {
  /** The server has let this page in, and nothing has said since that it fell out. */
  readonly isJoined: boolean;
  readonly hasBeenLive: boolean;
  /** The server said no: waiting does not help. */
  readonly isRefused: boolean;
  /** When the server last showed, to a page that was let in, that it is there; at first, when asking began. */
  readonly lastSignMs: number;
};

/**
 * Silence for this long is a lost line. The rule is that people see it within 5 s of the loss, and
 * the last sign was before it; the rest is for drawing the banner.
 */
export const SILENCE_LIMIT_MS = 4_400;

/**
 * How the line is doing.
 *
 * It does not matter how it was lost: cut, hanging, or with a server that lost its database, it is
 * offline as long after the last sign of life.
 */
export function lineState(signs: LineSigns, nowMs: number): LiveState {
  if (signs.isRefused || nowMs - signs.lastSignMs >= SILENCE_LIMIT_MS) return "offline";
  if (signs.isJoined) return "live";
  return signs.hasBeenLive ? "reconnecting" : "connecting";
}
