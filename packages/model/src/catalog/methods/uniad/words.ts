import { type MethodWords, TRAINED_WORDS } from "../../method-words.ts";
import { MODULE_GAUGES } from "../decad/words.ts";

export const UNIAD_WORDS: MethodWords = { ...TRAINED_WORDS, gauges: MODULE_GAUGES };
