import { type EncoderPullView, isFinalPullStatus, type ProjectEventBody } from "@loupe/contracts";

type PullEvent = Extract<ProjectEventBody, { type: "encoder.pull" }>;

/**
 * Fold the progress of a download into the list of downloads.
 *
 * @returns null when the list must be read again: it does not know the download, or the download
 *   has ended, and how is not in the event
 */
export function applyPullEvent(
  pulls: readonly EncoderPullView[],
  event: PullEvent,
): EncoderPullView[] | null {
  const known = pulls.find(({ id }) => id === event.pullId);
  if (known === undefined || isFinalPullStatus(event.status)) return null;
  // Progress that arrives after the end was read says nothing new.
  if (isFinalPullStatus(known.status) || event.bytesDone < known.bytesDone) return [...pulls];
  const { status, bytesDone, bytesTotal } = event;
  return pulls.map((pull) => (pull === known ? { ...pull, status, bytesDone, bytesTotal } : pull));
}
