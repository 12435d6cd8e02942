import { type MethodWords, TRAINED_WORDS } from "../../method-words.ts";

export const RD_WORDS: MethodWords = TRAINED_WORDS;
