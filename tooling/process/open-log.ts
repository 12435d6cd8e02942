import { chmodSync, createWriteStream, renameSync, statSync } from "node:fs";
import type { Writable } from "node:stream";

export type Log = {
  write(text: string): void;
  end(): void;
};

const LONGEST_LOG_BYTES = 16 * 1024 ** 2;
/** After a write that failed, as many texts are dropped before the file is tried again. */
const DROPPED_BEFORE_NEXT_TRY = 50;

type OpenStream = (file: string) => Writable;

/**
 * Add to a log file for as long as that works.
 *
 * A log that cannot be written must not end what it is about: on a full disk texts are dropped,
 * which is said once, and when there is room again the file says how many are missing.
 */
export function openLog(
  file: string,
  say: (sentence: string) => void,
  open: OpenStream = appendTo,
): Log {
  let stream: Writable | null = null;
  let dropped = 0;
  let untilNextTry = 0;
  let hasSaid = false;

  function fail(error: Error): void {
    stream = null;
    untilNextTry = DROPPED_BEFORE_NEXT_TRY;
    if (hasSaid) return;
    hasSaid = true;
    say(`The log ${file} cannot be written (${error.message}); its lines are dropped.`);
  }

  function tryOpen(): Writable | null {
    try {
      setAsideLongLog(file);
      const opened = open(file);
      // Of an older stream that fails late nothing is to be done any more.
      opened.on("error", (error) => (stream === opened ? fail(error) : undefined));
      return opened;
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
      return null;
    }
  }

  stream = tryOpen();
  return {
    write: (text) => {
      if (stream === null && untilNextTry === 0) stream = tryOpen();
      if (stream === null) {
        dropped++;
        untilNextTry = Math.max(0, untilNextTry - 1);
        return;
      }
      const gap = dropped === 0 ? "" : `(about ${dropped} texts could not be written)\n`;
      const written = stream;
      written.write(gap + text, (error) => {
        if (error !== null && error !== undefined) dropped++;
        else if (gap !== "") {
          dropped = 0;
          hasSaid = false;
        }
      });
    },
    end: () => stream?.end(),
  };
}

function appendTo(file: string): Writable {
  return createWriteStream(file, { flags: "a", mode: 0o600 });
}

/** A log that has grown long becomes `….previous`, which replaces the one before it. */
function setAsideLongLog(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return;
  // The mode of a stream counts for new files alone.
  if ((found.mode & 0o077) !== 0) chmodSync(file, 0o600);
  if (found.size > LONGEST_LOG_BYTES) renameSync(file, `${file}.previous`);
}
