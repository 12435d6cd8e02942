import { printable } from "./printable.ts";

/** A plain line at most this often; a log does not need more. */
const LINE_EVERY_MS = 2000;
const BAR_EVERY_MS = 100;
const BAR_WIDTH = 24;

/** How far a task has come, in words. */
export type ProgressState = {
  readonly task: string;
  readonly done: number;
  readonly total: number;
  /** Such as the loss and the time left. */
  readonly detail?: string;
};

/** Shows progress on stderr: a bar that rewrites its line on a terminal, plain lines otherwise. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  #last = { task: "", at: 0 };
  #hasBar = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  show(state: ProgressState): void {
    const now = performance.now();
    const pause = this.#stream.isTTY ? BAR_EVERY_MS : LINE_EVERY_MS;
    const isNew = state.task !== this.#last.task;
    const isEnd = state.done === state.total;
    if (!isNew && !isEnd && now - this.#last.at < pause) return;
    this.#last = { task: state.task, at: now };
    if (this.#stream.isTTY) this.#drawBar(state, isEnd);
    else this.#stream.write(`${describe(state)}\n`);
  }

  /** A line of its own, below the bar if there is one. */
  note(text: string): void {
    this.#stream.write(`${this.#hasBar ? "\n" : ""}${printable(text)}\n`);
    this.#hasBar = false;
  }

  #drawBar(state: ProgressState, isEnd: boolean): void {
    const filled = Math.round((BAR_WIDTH * state.done) / Math.max(1, state.total));
    const bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
    const line = `${bar} ${describe(state)}`.slice(0, this.#stream.columns - 1);
    this.#stream.write(`\r\x1b[2K${line}${isEnd ? "\n" : ""}`);
    this.#hasBar = !isEnd;
  }
}

function describe({ task, done, total, detail }: ProgressState): string {
  return printable(`${task} ${done}/${total}${detail === undefined ? "" : ` · ${detail}`}`);
}

/** Seconds as "42 s", "3 min 05 s" or "1 h 02 min". */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number): string => String(value).padStart(2, "0");
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}
