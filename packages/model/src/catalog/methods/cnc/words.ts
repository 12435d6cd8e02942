import { type MethodWords, TRAINED_WORDS } from "../../method-words.ts";

export const CNC_WORDS: MethodWords = {
  ...TRAINED_WORDS,
  gauges: {
    experts: {
      kind: "shares",
      title: "Share of the tokens by expert",
      member: "expert",
      members: "Experts",
      activeSetting: "activeExperts",
      collapsed:
        "The router has collapsed: the other experts learn nothing. A larger balance weight or " +
        "another seed may help.",
    },
  },
};
