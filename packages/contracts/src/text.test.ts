import fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  cutText,
  DisplayName,
  dropInvisible,
  FILE_NAME_BYTES,
  findInvisible,
  Note,
  showInvisible,
  tidyFileName,
} from "./text.ts";

const sentenceOf = (schema: typeof DisplayName, text: string) =>
  schema.safeParse(text).error?.issues[0]?.message ?? null;

test.each([
  ["plain", "Ann Müller"],
  ["a family of emoji", "👩\u200d👩\u200d👧"],
  ["a heart with its colour", "❤\ufe0f"],
  ["Persian with its joiner", "می\u200cخواهم"],
  ["Devanagari with its joiner", "क\u094d\u200dष"],
  ["a name from right to left", "דנה"],
])("%s is a name", (_, text) => {
  expect(DisplayName.parse(text)).toBe(text);
});

test.each([
  ["NUL", "Ann\u0000", "U+0000"],
  ["a control", "Ann\u001b[31m", "U+001B"],
  ["a control of the second block", "Ann\u0085", "U+0085"],
  ["a line break", "Ann\nadmin", "U+000A"],
  ["an override of direction", "Ann\u202enimda", "U+202E"],
  ["an isolate", "Ann\u2066x", "U+2066"],
  ["a mark of direction", "Ann\u200e", "U+200E"],
  ["a zero-width space", "An\u200bn", "U+200B"],
  ["a byte order mark inside", "An\ufeffn", "U+FEFF"],
  ["a word joiner", "An\u2060n", "U+2060"],
  ["a soft hyphen", "An\u00adn", "U+00AD"],
  ["a filler that counts as a letter", "\u3164", "U+3164"],
  ["a hidden tag", "Ann\u{e0041}", "U+E0041"],
  ["a joiner in Latin", "An\u200dn", "U+200D"],
  ["a joiner alone", "\u200c", "U+200C"],
  ["a selector alone", "\ufe0f", "U+FE0F"],
  ["half a character", "Ann\ud83d", "U+D83D"],
])("%s is refused by its number", (_, text, number) => {
  expect(sentenceOf(DisplayName, text)).toBe(
    `Expected text that can be seen, got the character ${number}. Remove it.`,
  );
});

test("a name is trimmed and composed, so that equal looks are equal names", () => {
  expect(DisplayName.parse("  Mu\u0308ller ")).toBe("Müller");
  expect(sentenceOf(DisplayName, " \u00a0 ")).toBe("Expected a name, got nothing. Write one.");
});

test("a limit counts characters, not their halves, and refuses a flood at once", () => {
  expect(DisplayName.parse("🙂".repeat(80))).toHaveLength(160);
  const sentence = "Expected at most 80 characters, got more. Shorten it.";
  expect(sentenceOf(DisplayName, "🙂".repeat(81))).toBe(sentence);
  expect(sentenceOf(DisplayName, "x".repeat(4 * 1024 ** 2))).toBe(sentence);
});

test("a note has lines, and nothing else that cannot be seen", () => {
  expect(Note.parse("a\r\nb\tc\rd")).toBe("a\nb\tc\nd");
  expect(Note.parse("  ")).toBe("");
  expect(sentenceOf(Note, "a\u0000b")).toContain("U+0000");
  expect(sentenceOf(Note, "x".repeat(2_001))).toContain("2,000");
});

/** Letters, emoji, joiners, selectors, marks, and what is refused everywhere. */
const CURIOUS = [0x61, 0x200c, 0x200d, 0xfe0f, 0x1f469, 0x627, 0x94d, 0x915, 0x200b, 0, 0xd83d];

describe("text that nobody typed", () => {
  test("what cannot be seen is taken out or written out, whatever it is", () => {
    fc.assert(
      fc.property(
        fc
          .array(fc.oneof(fc.integer({ min: 0, max: 0x10ffff }), fc.constantFrom(...CURIOUS)), {
            maxLength: 40,
          })
          .map((codes) => String.fromCodePoint(...codes)),
        (text) =>
          findInvisible(dropInvisible(text)) === null &&
          findInvisible(showInvisible(text), { isMultiline: true }) === null,
      ),
    );
    expect(showInvisible("gpj\u202e.exe")).toBe("gpj⟨U+202E⟩.exe");
    expect(showInvisible("plain ❤\ufe0f")).toBe("plain ❤\ufe0f");
  });

  test("a cut leaves whole characters", () => {
    expect(cutText("🙂🙂🙂", 2)).toBe("🙂🙂");
    expect(cutText("abc", 3)).toBe("abc");
  });

  test("a file's name loses its folders and is no longer than a disk allows", () => {
    expect(tidyFileName("..\\line\\a\u0000\u202eb.png", "image")).toBe("ab.png");
    expect(tidyFileName("drop/..", "image")).toBe("image");
    const long = tidyFileName(`${"ü".repeat(5_000)}.png`, "image");
    expect(new TextEncoder().encode(long).byteLength).toBeLessThanOrEqual(FILE_NAME_BYTES);
  });
});
