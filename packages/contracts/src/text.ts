import { z } from "zod";

/**
 * @file Text that people write: names, notes, searches.
 *
 * Lengths are in characters as people count them (code points), so that a limit means the same in
 * the browser, here and in PostgreSQL. What nobody can see is refused: it makes two names look alike,
 * turns a line's order around, or is no text at all to PostgreSQL (NUL).
 */

/**
 * The two joiners are letters of a kind in Persian, in the scripts of India and between emoji, and
 * nothing at all elsewhere: they are kept between two characters that they can join.
 */
const JOINED = String.raw`[\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}${[
  ...["Arabic", "Syriac", "Mongolian", "Nko", "Devanagari", "Bengali", "Gurmukhi", "Gujarati"],
  ...["Oriya", "Tamil", "Telugu", "Kannada", "Malayalam", "Sinhala", "Khmer", "Myanmar", "Tibetan"],
]
  .map((script) => String.raw`\p{Script=${script}}`)
  .join("")}]`;

const FAULTS = [
  // Controls, line separators, bidirectional marks, zero-width characters and fillers. Variation
  // selectors and joiners have the property, too, but change what stands beside them.
  String.raw`(?![\t\n\p{Variation_Selector}\u200c\u200d])[\p{Cc}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]`,
  String.raw`(?<!${JOINED})[\u200c\u200d]|[\u200c\u200d](?!${JOINED})`,
  String.raw`(?<![\p{L}\p{N}\p{P}\p{S}\p{M}])\p{Variation_Selector}`,
  // Half of a character, which no text can hold.
  String.raw`\p{Cs}`,
].join("|");

const ON_SEVERAL_LINES = new RegExp(FAULTS, "u");
const ON_ONE_LINE = new RegExp(String.raw`[\t\n]|${FAULTS}`, "u");
const EVERYWHERE = new RegExp(ON_ONE_LINE, "gu");
/** Nearly all text there is, told apart without the tables of Unicode. */
const PLAIN = /^[\x20-\x7e]*$/u;

type Lines = { readonly isMultiline?: boolean };

/** The first character that text may not hold, or null. */
export function findInvisible(text: string, { isMultiline = false }: Lines = {}): string | null {
  if (PLAIN.test(text)) return null;
  return (isMultiline ? ON_SEVERAL_LINES : ON_ONE_LINE).exec(text)?.[0] ?? null;
}

/** How a character that cannot be seen is written down: U+202E. */
export function nameCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Text from outside without what nobody can see, for names that nobody typed, such as those of files. */
export function dropInvisible(text: string): string {
  if (PLAIN.test(text)) return text;
  let rest = text.normalize("NFC");
  for (;;) {
    // What is taken out can leave a joiner behind that has nothing to join any more.
    const next = rest.replaceAll(EVERYWHERE, "");
    if (next === rest) return rest;
    rest = next;
  }
}

/** Text as it was stored, with what nobody can see written out: names from before there were limits. */
export function showInvisible(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replaceAll(EVERYWHERE, (character) =>
    character === "\n" || character === "\t" ? character : `⟨${nameCharacter(character)}⟩`,
  );
}

/** The beginning of a text, of at most so many characters and never half of one. */
export function cutText(text: string, longest: number): string {
  if (text.length <= longest) return text;
  let cut = "";
  let count = 0;
  for (const character of text) {
    if (count === longest) break;
    cut += character;
    count += 1;
  }
  return cut;
}

/** True when a text has more characters than that. */
export function isLongerThan(text: string, longest: number): boolean {
  if (text.length <= longest) return false;
  if (text.length > 2 * longest) return true;
  return [...text].length > longest;
}

type TextRule = Lines & {
  readonly longest: number;
  /** Said when nothing is left; without it an empty text is fine. */
  readonly whenEmpty?: string;
};

/** Text that a person writes, trimmed and composed, with a sentence for what it may not be. */
export function plainText({ longest, whenEmpty, isMultiline = false }: TextRule) {
  const tidy = (text: string) => {
    // Far too long is refused below, before anything costly is done with it.
    if (text.length > 4 * longest) return text;
    const composed = text.normalize("NFC");
    return (isMultiline ? composed.replaceAll(/\r\n?/gu, "\n") : composed).trim();
  };
  return z
    .string()
    .overwrite(tidy)
    .superRefine((text, context) => {
      const problem = describeProblem(text, { longest, isMultiline });
      if (problem !== null) {
        context.addIssue({ code: "custom", message: problem });
      } else if (text === "" && whenEmpty !== undefined) {
        context.addIssue({ code: "custom", message: whenEmpty });
      }
    });
}

function describeProblem(text: string, { longest, isMultiline }: Lines & { longest: number }) {
  if (isLongerThan(text, longest)) {
    return `Expected at most ${longest.toLocaleString("en")} characters, got more. Shorten it.`;
  }
  const found = findInvisible(text, { isMultiline: isMultiline ?? false });
  if (found === null) return null;
  return `Expected text that can be seen, got the character ${nameCharacter(found)}. Remove it.`;
}

/** Characters of the longest name of a person, an organisation, a site, a project or a category. */
export const NAME_LENGTH = 80;
export const NOTE_LENGTH = 2_000;
/** Bytes of the longest name that a file can have on common disks. */
export const FILE_NAME_BYTES = 255;

/** What a person or an organisation is called. */
export const DisplayName = plainText({
  longest: NAME_LENGTH,
  whenEmpty: "Expected a name, got nothing. Write one.",
});

/** What people call something that they made: a version, an inspection. */
export const Title = plainText({
  longest: NAME_LENGTH,
  whenEmpty: "Expected a name, got nothing. Write one or leave the field out.",
});

/** What somebody has to say about a case; it may have several lines. */
export const Note = plainText({ longest: NOTE_LENGTH, isMultiline: true });

/** Controls and halves of characters: no stored text has them, and PostgreSQL takes no NUL. */
const UNSTORABLE = /[\p{Cc}\p{Cs}]/u;

/**
 * Text to be found as it was stored, however it came there: the name of a category or a method, a
 * path. It is neither tidied nor held against the rules for what people write.
 */
export function storedText(longest: number) {
  return z.string().superRefine((text, context) => {
    const found = isLongerThan(text, longest) ? null : (UNSTORABLE.exec(text)?.[0] ?? "");
    if (found === "") return;
    const message =
      found === null
        ? `Expected at most ${longest.toLocaleString("en")} characters, got more. Shorten it.`
        : `Expected text as it is stored, got the character ${nameCharacter(found)}. Remove it.`;
    context.addIssue({ code: "custom", message });
  });
}

/** The name of a category, a method, an encoder and the like. */
export const KnownName = storedText(200).min(1, "Expected a name, got nothing.");

/** The name of a file that came from somebody's disk, without folders, fit to be shown and stored. */
export function tidyFileName(sent: string, fallback: string): string {
  const last = sent.replaceAll("\\", "/").split("/").at(-1) ?? "";
  let name = cutText(dropInvisible(last.slice(0, 4 * FILE_NAME_BYTES)).trim(), FILE_NAME_BYTES);
  const bytes = (text: string) => new TextEncoder().encode(text).byteLength;
  while (bytes(name) > FILE_NAME_BYTES) name = [...name].slice(0, -1).join("");
  return name === "" || name === "." || name === ".." ? fallback : name;
}
