import { formatDuration } from "./format-duration.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** How long ago something was: "just now", "3 s ago", "5 min ago", a date beyond a day. */
export function formatTimeAgo(at: Date, nowMs: number): string {
  const ageMs = nowMs - at.getTime();
  if (ageMs < 2000) return "just now";
  if (ageMs >= DAY_MS) {
    return at.toLocaleDateString(undefined, { day: "numeric", month: "short", year: "numeric" });
  }
  const seconds = ageMs / 1000;
  // Beyond a minute the smaller unit is noise.
  const rounded = seconds < 60 ? seconds : Math.floor(seconds / 60) * 60;
  return `${formatDuration(rounded >= 3600 ? Math.floor(rounded / 3600) * 3600 : rounded)} ago`;
}
