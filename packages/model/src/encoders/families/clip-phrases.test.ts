import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { encoderFolders } from "../env.ts";
import { CLIP_END, CLIP_START, clipPhraseTokens } from "./clip-phrases.ts";

const VOCABULARY = encoderFolders()
  .map((folder) => join(folder, "clip-bpe"))
  .find((folder) => existsSync(join(folder, "vocab.json")));

/** Byte-pair encoding of one word: again and again the pair of the earliest merge is joined. */
function mergedParts(word: string, ranks: ReadonlyMap<string, number>): string[] {
  const parts = [...word];
  parts.push(`${parts.pop() ?? ""}</w>`);
  for (;;) {
    const pairs = parts
      .slice(1)
      .map((right, index) => ranks.get(`${parts[index]} ${right}`) ?? Infinity);
    const best = Math.min(...pairs);
    if (best === Infinity) return parts;
    const at = pairs.indexOf(best);
    parts.splice(at, 2, `${parts[at]}${parts[at + 1]}`);
  }
}

test("the end of a prompt has the tokens that CLIP's tokenizer gives", () => {
  expect(clipPhraseTokens("object.")).toEqual([14115, 269]);
  expect(clipPhraseTokens("damaged object.")).toEqual([13568, 14115, 269]);
  expect(clipPhraseTokens("  Damaged   OBJECT .")).toEqual([13568, 14115, 269]);
  expect(() => clipPhraseTokens("object!")).toThrow('got "object!"');
});

test.skipIf(VOCABULARY === undefined)(
  "the tokens follow from CLIP's vocabulary and merges (skipped without its files)",
  () => {
    const read = (file: string) => readFileSync(join(VOCABULARY ?? "", file), "utf8");
    const ids = JSON.parse(read("vocab.json")) as Record<string, number>;
    const merges = read("merges.txt").split("\n").slice(1);
    const ranks = new Map(merges.map((pair, rank) => [pair, rank]));
    for (const word of ["object", "damaged", "."]) {
      const tokens = mergedParts(word, ranks).map((part) => ids[part]);
      expect(clipPhraseTokens(word)).toEqual(tokens);
    }
    expect([ids["<|startoftext|>"], ids["<|endoftext|>"]]).toEqual([CLIP_START, CLIP_END]);
  },
);
