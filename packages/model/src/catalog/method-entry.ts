import type { z } from "zod";

import type { EncoderInfo } from "./encoder-info.ts";
import type { MethodWords } from "./method-words.ts";

/** What of an encoder decides the cost of a run; any `EncoderInfo` has it. */
export type EncoderCost = Pick<EncoderInfo, "gridSize" | "sizeBytes" | "gigaMacsPerImage"> & {
  readonly layers: readonly { readonly channels: number }[];
};

/** What a method's training graph costs, from which memory and time follow. */
export type MethodCost = {
  /** Trained numbers. */
  readonly parameters: number;
  /** Multiply-accumulates of one training step for one image, backward pass included. */
  readonly trainingMacs: number;
  /** Numbers kept for the backward pass, for one image. */
  readonly activations: number;
  /** Multiply-accumulates of the whole run, however many steps it has. */
  readonly wholeRunMacs?: number;
  /** Bytes besides, whatever the batch: frozen towers, memories. */
  readonly otherBytes?: number;
};

/** A named choice of settings together with how long to train. */
export type MethodPreset = {
  readonly title: string;
  readonly summary: string;
  /** Settings that differ from the defaults. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Length of the run; epochs are turned into steps by the number of images. */
  readonly run: { readonly steps?: number; readonly epochs?: number; readonly batch?: number };
};

export const PRESET_NAMES = ["fast", "paper"] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

/** A detection method as people choose it. Plain data, so that a browser can read it. */
export type MethodEntry = {
  readonly name: string;
  readonly title: string;
  /** One sentence for a person who chooses a method. */
  readonly summary: string;
  /** Whether it learns by gradient descent, or remembers what it saw. */
  readonly kind: "gradient" | "memory";
  readonly words: MethodWords;
  /** Strict; every field has a default and a description. */
  readonly settings: z.ZodObject;
  /** `fast` has the defaults and CPU minutes, `paper` the publication's numbers. */
  readonly presets: Readonly<Record<PresetName, MethodPreset>>;
  /** What a run takes when the caller leaves it open. */
  readonly defaults: { readonly steps: number; readonly batch: number };
  /** What the method does differently with this encoder, in one sentence; null for nothing. */
  note(encoder: Pick<EncoderInfo, "name" | "kind" | "text">): string | null;
  /** @param settings parsed by `settings` */
  cost(settings: unknown, encoder: EncoderCost & { readonly images: number }): MethodCost;
};
