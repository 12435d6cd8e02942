import type { EncoderCost, MethodEntry } from "./method-entry.ts";

/** The tokens of one image in front of a decoder. */
export type HostTokens = { readonly width: number; readonly tokens: number };

/** A method whose tokens a plug-in may change. Its settings do not say so: a plug-in adds its own. */
export type HostEntry = MethodEntry & {
  /** @param settings parsed by `settings` */
  tokens(settings: unknown, encoder: EncoderCost): HostTokens;
};
