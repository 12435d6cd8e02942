import { prettyFactory } from "pino-pretty";

export type ShownLines = {
  add(text: string): void;
  /** Show what is left of a line that was not ended. */
  end(): void;
};

type ShowOptions = {
  /** Whose lines they are; stands before each. */
  readonly name: string;
  readonly hasColours: boolean;
  readonly write: (text: string) => void;
};

/** Show what a process says as lines for people: its JSON formatted, all else as it is. */
export function showLines({ name, hasColours, write }: ShowOptions): ShownLines {
  const format = prettyFactory({
    colorize: hasColours,
    translateTime: "HH:MM:ss.l",
    ignore: "pid,hostname,name",
    singleLine: true,
  });
  let rest = "";
  const show = (line: string): void => {
    if (line.trim() === "") return;
    for (const part of format(line).trimEnd().split("\n")) write(`${name} | ${part.trimEnd()}\n`);
  };
  return {
    add: (text) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      lines.forEach(show);
    },
    end: () => {
      show(rest);
      rest = "";
    },
  };
}
