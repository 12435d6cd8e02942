import fc from "fast-check";
import { expect, test } from "vitest";

import { Progress } from "./progress.ts";
import { printable, printableJson } from "./printable.ts";

/** What terminals and readers of a line must never meet. */
const DANGEROUS =
  /[\p{Cc}\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc
    .array(
      fc.constantFrom(
        "\u001b[2J",
        "\u009b31m",
        "\u202e",
        "\r",
        "\n",
        "\u2066",
        "\ud800",
        "\u{e0041}",
        "a",
      ),
    )
    .map((parts) => parts.join("")),
);

test("no line holds anything that a terminal would obey", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(printable(text)).not.toMatch(DANGEROUS);
      expect(printable(text)).not.toMatch(/\p{Cs}/u);
      // What is shown once is shown the same again.
      expect(printable(printable(text))).toBe(printable(text));
    }),
  );
});

test("JSON says the same and holds none of it either", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const json = printableJson({ [text]: text });
      expect(json).not.toMatch(DANGEROUS);
      expect(JSON.parse(json)).toEqual({ [text]: text });
    }),
  );
});

test("what is plain stays, what is not is told", () => {
  const plain = "–  0.1234  1.2 σ  Prüfling (2)/ワッシャ.png · 88 MB";
  expect(printable(plain)).toBe(plain);
  expect(printable("a\u001b[31mb\nmean\u202egnp.\u{e0041}")).toBe(
    "a\\x1b[31mb\\nmean\\u202egnp.\\u{e0041}",
  );
});

test("progress and notes are escaped, but for the bar's own sequences", () => {
  const written: string[] = [];
  const stream = { isTTY: true, columns: 200, write: (text: string) => written.push(text) };
  const progress = new Progress(stream as unknown as NodeJS.WriteStream);
  progress.show({ task: "cap\u001b]0;x\u0007", done: 1, total: 2, detail: "\u202eloss" });
  progress.note("bad\r\u001b[2Kgood");
  expect(written.join("").replace("\r\u001b[2K", "").split("\n")).toEqual([
    expect.stringContaining("cap\\x1b]0;x\\x07 1/2 · \\u202eloss"),
    "bad\\r\\x1b[2Kgood",
    "",
  ]);
});
