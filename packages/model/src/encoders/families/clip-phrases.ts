/** Token ids of CLIP's byte-pair vocabulary: begin and end of a text. */
export const CLIP_START = 49406;
export const CLIP_END = 49407;

/**
 * The words that prompts end in, with their token in CLIP's byte-pair vocabulary.
 *
 * Each is one token at the end of a word. A few constants spare every encoder folder the
 * vocabulary's files.
 */
const WORDS: ReadonlyMap<string, number> = new Map([
  [".", 269],
  ["object", 14115],
  ["damaged", 13568],
]);

/** Every token that a prompt may hold besides its learnable vectors. */
export const CLIP_TOKENS: readonly number[] = [CLIP_START, CLIP_END, ...WORDS.values()];

/** Tokens of a phrase, split as CLIP's tokenizer does. @throws when a word is not known */
export function clipPhraseTokens(phrase: string): number[] {
  const words = phrase.toLowerCase().match(/[a-z]+|[^\sa-z]+/g) ?? [];
  return words.map((word) => {
    const token = WORDS.get(word);
    if (token === undefined) {
      throw new Error(
        `Expected a phrase of the words ${[...WORDS.keys()].join(" ")}, got "${phrase}".`,
      );
    }
    return token;
  });
}
