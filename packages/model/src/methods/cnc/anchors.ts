import type { CncSettings } from "../../catalog/methods/cnc/settings.ts";
import type { TextTower } from "../../encoders/text-tower.ts";
import { reshape, slice, type Value } from "../../graph/index.ts";
import type { Initialiser, Parameters } from "../../nn/index.ts";
import { float32, sizeOf } from "../../tensor/index.ts";
import type { MethodContext } from "../method.ts";
import { unit } from "./unit.ts";

/** Learnable word vectors in front of a phrase (CNC, section 4.1: M = 12). */
const PROMPT_LENGTH = 12;
const PHRASES = ["object.", "damaged object."];

/** Where the detector file keeps the features of the prompts. */
const TEXT_ANCHORS = "anchors/text";
const PROMPTS = "prompts/vectors";

/** Normal and abnormal vector of one layer, each [channels] and of length 1. */
export type AnchorPair = { readonly normal: Value; readonly abnormal: Value };

export type Anchors = {
  /** Features of texts in the space that they share with pictures, or vectors of each layer's own space. */
  readonly kind: "text" | "free";
  /** One pair a layer, shallow to deep. */
  readonly pairs: readonly AnchorPair[];
};

/** N(0, 0.02²), as the prompts of AnomalyCLIP start. */
const smallNormal: Initialiser = (shape, random) =>
  float32(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => 0.02 * random.normal()),
  );

/** Rows 2i and 2i + 1 of [2 layers, channels] as the pair of layer i. */
function pairOf(rows: Value, index: number): AnchorPair {
  const row = (place: number): Value =>
    reshape(slice(rows, { axis: 0, start: place, end: place + 1 }), [rows.shape[1] ?? 1]);
  return { normal: row(2 * index), abnormal: row(2 * index + 1) };
}

/** Features [2 layers, width] of a normal and an abnormal prompt a layer, of length 1. */
function promptFeatures(p: Parameters, tower: TextTower, layers: number): Value {
  const count = PHRASES.length * layers;
  const prompts = p.get(PROMPTS, [count, PROMPT_LENGTH, tower.embeddingWidth], smallNormal);
  const phrases = Array.from({ length: count }, (_, row) => PHRASES[row % 2] ?? "");
  return unit(tower.encode(prompts, phrases));
}

/** The text tower of a run, when its texts live in the space of the layers. */
function usableTower({ text, layers }: MethodContext, { anchors }: CncSettings): TextTower | null {
  if (text === null || anchors === "free") return null;
  return layers.every(({ channels }) => channels === text.width) ? text : null;
}

/**
 * The anchors of all layers.
 *
 * With a text tower they are features of prompts whose word vectors are trained; a trained detector
 * holds these features and needs no tower. Without one they are trained themselves.
 */
export function buildAnchors(
  p: Parameters,
  context: MethodContext,
  settings: CncSettings,
): Anchors {
  const { layers } = context;
  const tower = usableTower(context, settings);
  const texts = tower === null ? p.find(TEXT_ANCHORS) : promptFeatures(p, tower, layers.length);
  if (texts !== null) return { kind: "text", pairs: layers.map((_, i) => pairOf(texts, i)) };
  return {
    kind: "free",
    pairs: layers.map(({ channels }, i) =>
      pairOf(unit(p.get(`anchors/free${i}`, [2, channels], smallNormal)), 0),
    ),
  };
}

/** What a detector keeps in place of the text tower: the features of its prompts. */
export function finalAnchors(
  p: Parameters,
  context: MethodContext,
  settings: CncSettings,
): Record<string, Value> {
  const tower = usableTower(context, settings);
  if (tower === null) return {};
  return { [TEXT_ANCHORS]: promptFeatures(p, tower, context.layers.length) };
}

/** Prompts and anchors are trained apart from the decoder: no decay, and a clipping of their own. */
export function isAnchorParameter(name: string): boolean {
  return isPrompt(name) || name.startsWith("anchors/");
}

/** Prompts stay behind when a detector is stored. */
export function isPrompt(name: string): boolean {
  return name === PROMPTS;
}
