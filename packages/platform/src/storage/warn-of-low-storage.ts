import type { StorageState, StorageWatch } from "./storage-watch.ts";

const LOOK_EVERY_MS = 30_000;

type Warn = {
  /** Called once when it gets tight, with a sentence for people. */
  readonly onLow: (sentence: string) => void;
  /** Called once when there is room again. */
  readonly onWell: (sentence: string) => void;
};

/** Look at the disk now and every half a minute, and tell every change, until stopped. */
export function warnOfLowStorage(watch: Pick<StorageWatch, "look">, warn: Warn): { stop(): void } {
  let wasLow = false;
  let isLooking = false;
  const look = async (): Promise<void> => {
    // A network disk that is away answers late; questions must not pile up.
    if (isLooking) return;
    isLooking = true;
    const state = await watch.look().finally(() => (isLooking = false));
    if (state === null || state.isLow === wasLow) return;
    wasLow = state.isLow;
    if (state.isLow) warn.onLow(describeLow(state));
    else warn.onWell(`The disk of ${state.folder} has room again.`);
  };
  void look();
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

function describeLow({ folder, freeBytes, totalBytes }: StorageState): string {
  const mebibytes = Math.floor(freeBytes / 1024 ** 2);
  const share = ((100 * freeBytes) / totalBytes).toFixed(1);
  return (
    `The disk of ${folder} is almost full: ${mebibytes} MiB (${share} %) are free. ` +
    "Make room before uploads and trainings have to stop."
  );
}
