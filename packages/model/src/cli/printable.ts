/**
 * Characters that a terminal obeys or that hide what stands there: control characters and
 * sequences, marks that turn the direction of writing, invisible ones, and halves of a pair.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return SHORT[character] ?? `\\x${hex(code, 2)}`;
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\u{${hex(code, 0)}}`;
}

/**
 * A line as it can be shown in a terminal, whatever names of files, folders and models are in it.
 *
 * All that the command line writes goes through here, one line at a time, so that no name can end
 * a line, colour it, turn it around or hide a part of it.
 */
export function printable(line: string): string {
  return line.replace(UNPRINTABLE, escaped);
}

/** A value as one line of JSON with the same characters escaped as JSON has it. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replace(UNPRINTABLE, (character) =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${hex(character.charCodeAt(at), 4)}`)
      .join(""),
  );
}
