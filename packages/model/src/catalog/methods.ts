import { BANK_ENTRY } from "./methods/bank/entry.ts";
import { CNC_ENTRY } from "./methods/cnc/entry.ts";
import { DECAD_ENTRY } from "./methods/decad/entry.ts";
import { withDecad } from "./methods/decad/with-decad.ts";
import type { MethodEntry } from "./method-entry.ts";
import { RD_CONV_ENTRY } from "./methods/rd-conv/entry.ts";
import { RD_ENTRY } from "./methods/rd/entry.ts";
import { UNIAD_ENTRY } from "./methods/uniad/entry.ts";

/** Every detection method that can be trained. Plain data, so that a browser can read it. */
export const METHODS = {
  rd: withDecad(RD_ENTRY),
  cnc: CNC_ENTRY,
  decad: DECAD_ENTRY,
  uniad: withDecad(UNIAD_ENTRY),
  // Six square maps of the paper's width cost more than the host: narrow inside.
  "rd-conv": withDecad(RD_CONV_ENTRY, { contraction: "bottleneck", bottleneckWidth: 256 }),
  bank: BANK_ENTRY,
} as const satisfies Record<string, MethodEntry>;

export type MethodName = keyof typeof METHODS;

export const METHOD_NAMES = Object.keys(METHODS) as readonly MethodName[];

/**
 * The method that others are held against: it needs no training, so a trained one has to be better
 * than it to be worth its time.
 */
export const BASELINE_METHOD = "bank" satisfies MethodName;

/** What a run uses when the caller leaves a choice open; the command line and the web form agree. */
export const RUN_DEFAULTS = {
  method: "rd",
  steps: 400,
  batch: 4,
  seed: 0,
  provider: "cpu",
} as const;
