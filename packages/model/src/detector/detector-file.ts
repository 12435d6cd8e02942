import { createHash } from "node:crypto";

import { z } from "zod";

import { EncoderInfo } from "../catalog/encoder-info.ts";
import { METHOD_NAMES } from "../catalog/methods.ts";
import { openSafetensors, type Safetensors } from "../encoders/safetensors/open-safetensors.ts";
import type { NamedTensors } from "../encoders/safetensors/tensor-entry.ts";
import { writeSafetensors } from "../encoders/safetensors/write-safetensors.ts";
import type { LayerStatistics } from "../methods/method.ts";
import { bytesOf, float32, type Tensor } from "../tensor/index.ts";
import type { PlaceStatistics } from "../train/place-statistics.ts";

const VERSION = 1;
const HEADER_KEY = "loupe.detector";
const CHECKSUM_KEY = "loupe.sha256";
const WEIGHT_PREFIX = "weight/";
const PLACES_PREFIX = "places/";

const Score = z.number().refine(Number.isFinite);

const Calibration = z.strictObject({
  scale: z.strictObject({ min: Score, max: Score }),
  /** Image scores of the training images. */
  scores: z.strictObject({ images: z.int(), mean: Score, deviation: Score, max: Score }),
});

/** Everything in a detector file that is not a tensor. */
export const DetectorHeader = z.strictObject({
  version: z.literal(VERSION),
  method: z.enum(METHOD_NAMES),
  settings: z.record(z.string(), z.unknown()),
  /** What the method did differently because of its encoder, in one sentence. */
  note: z.string().nullable().default(null),
  /**
   * The encoder by name and content; its weights are not in the file. The path is there only when
   * the encoder cannot be looked up by its name.
   */
  encoder: EncoderInfo.extend({
    path: EncoderInfo.shape.path.nullable(),
    sha256: z.hex().length(64),
  }),
  categories: z.array(z.string()),
  training: z.strictObject({
    steps: z.int().positive(),
    batch: z.int().positive(),
    seed: z.int(),
    images: z.int().positive(),
    loss: Score,
  }),
  /** What scores are held against where the category has no places of its own; null: they are raw. */
  standard: z.strictObject({ base: Score, spread: Score.positive() }).nullable().default(null),
  ...Calibration.shape,
  /** The same for each category that had enough training images; the file of an older Loupe has none. */
  byCategory: z.record(z.string(), Calibration).default({}),
});
export type DetectorHeader = z.infer<typeof DetectorHeader>;

/** A trained detector as it lies in its file. */
export type StoredDetector = {
  readonly header: DetectorHeader;
  /** For standard scoring: what good images of each category have at each place, [gridSize²]. */
  readonly places: Readonly<Record<string, PlaceStatistics>>;
  /** Normalisation of the encoder's layers, shallow to deep. */
  readonly statistics: readonly LayerStatistics[];
  readonly weights: Readonly<Record<string, Tensor>>;
};

function toTensors({ statistics, weights, places }: StoredDetector): NamedTensors {
  const tensors: Record<string, Tensor> = {};
  for (const [index, { mean, deviation }] of statistics.entries()) {
    tensors[`statistics/${index}/mean`] = float32([mean.length], mean);
    tensors[`statistics/${index}/deviation`] = float32([deviation.length], deviation);
  }
  for (const [category, { base, spread }] of Object.entries(places)) {
    tensors[`${PLACES_PREFIX}${category}/base`] = float32([base.length], base);
    tensors[`${PLACES_PREFIX}${category}/spread`] = float32([spread.length], spread);
  }
  for (const name of Object.keys(weights).sort()) {
    const weight = weights[name];
    if (weight !== undefined) tensors[WEIGHT_PREFIX + name] = weight;
  }
  return tensors;
}

/** SHA-256 over the header and every tensor with its name and shape, in file order. */
function checksum(header: string, tensors: NamedTensors): string {
  const hash = createHash("sha256").update(header);
  for (const [name, tensor] of Object.entries(tensors)) {
    hash.update(`\n${name} ${tensor.dtype} ${tensor.shape.join("x")}\n`).update(bytesOf(tensor));
  }
  return hash.digest("hex");
}

/**
 * Write a detector as one safetensors file: JSON header, raw tensors, a checksum, no code.
 *
 * The same detector gives the same bytes, and the file appears whole or not at all.
 */
export async function writeDetectorFile(path: string, detector: StoredDetector): Promise<void> {
  const header = JSON.stringify(DetectorHeader.parse(detector.header));
  const tensors = toTensors(detector);
  await writeSafetensors(path, tensors, {
    [HEADER_KEY]: header,
    [CHECKSUM_KEY]: checksum(header, tensors),
  });
}

function parseHeader(text: string | undefined, path: string): DetectorHeader {
  if (text === undefined) {
    throw new Error(`Expected a detector file, but ${path} is another safetensors file.`);
  }
  const raw: unknown = JSON.parse(text);
  const { version } = z.looseObject({ version: z.unknown() }).parse(raw);
  if (version !== VERSION) {
    throw new Error(
      `Expected a detector file of version ${VERSION}, but ${path} is of version ` +
        `${String(version)}. Update Loupe, or train again.`,
    );
  }
  return DetectorHeader.parse(raw);
}

function floatsOf(tensors: NamedTensors, name: string): Float32Array {
  const data = tensors[name]?.data;
  if (!(data instanceof Float32Array)) throw new Error(`Expected a tensor ${name}, got none.`);
  return data;
}

async function readAll(file: Safetensors): Promise<Record<string, Tensor>> {
  const tensors: Record<string, Tensor> = {};
  for (const name of file.names) tensors[name] = await file.read(name);
  return tensors;
}

function placesOf(tensors: NamedTensors): Record<string, PlaceStatistics> {
  const suffix = "/base";
  const categories = Object.keys(tensors)
    .filter((name) => name.startsWith(PLACES_PREFIX) && name.endsWith(suffix))
    .map((name) => name.slice(PLACES_PREFIX.length, -suffix.length));
  return Object.fromEntries(
    categories.map((category) => {
      const floats = (what: string) => floatsOf(tensors, `${PLACES_PREFIX}${category}/${what}`);
      return [category, { base: floats("base"), spread: floats("spread") }];
    }),
  );
}

async function parseDetector(file: Safetensors, path: string): Promise<StoredDetector> {
  const text = file.metadata[HEADER_KEY];
  const header = parseHeader(text, path);
  const tensors = await readAll(file);
  if (file.metadata[CHECKSUM_KEY] !== checksum(text ?? "", tensors)) {
    throw new Error(
      `Expected a whole detector file, but ${path} was altered: its checksum differs. ` +
        "Copy it anew from where it was trained.",
    );
  }
  const statistics = header.encoder.layers.map((_, index) => ({
    mean: floatsOf(tensors, `statistics/${index}/mean`),
    deviation: floatsOf(tensors, `statistics/${index}/deviation`),
  }));
  const weights = Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(WEIGHT_PREFIX))
      .map(([name, tensor]) => [name.slice(WEIGHT_PREFIX.length), tensor]),
  );
  return { header, statistics, weights, places: placesOf(tensors) };
}

/**
 * The detector in a file, checked before anything is built from it.
 *
 * @throws one sentence when the file is missing, cut short, altered, newer, or of another kind
 */
export async function readDetectorFile(path: string): Promise<StoredDetector> {
  const file = await openSafetensors(path);
  try {
    return await parseDetector(file, path);
  } catch (error) {
    if (!(error instanceof z.ZodError) && !(error instanceof SyntaxError)) throw error;
    throw new Error(`Expected a detector file, but the header of ${path} has another form.`, {
      cause: error,
    });
  } finally {
    await file.close();
  }
}
