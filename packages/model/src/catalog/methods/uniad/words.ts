import { type MethodWords, TRAINED_WORDS } from "../../method-words.ts";

export const UNIAD_WORDS: MethodWords = TRAINED_WORDS;
