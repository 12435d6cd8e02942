import { type GaugeWords, type MethodWords, TRAINED_WORDS } from "../../method-words.ts";

/** What DecAD's module watches, in the method itself and in a host. */
export const MODULE_GAUGES: Readonly<Record<string, GaugeWords>> = {
  solver: { kind: "lines", title: "Solver: residual and round trip", scale: "log" },
  spectral: { kind: "lines", title: "Spectral norms", scale: "linear" },
};

export const DECAD_WORDS: MethodWords = { ...TRAINED_WORDS, gauges: MODULE_GAUGES };
