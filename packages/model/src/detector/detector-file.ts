import { createHash, type KeyObject } from "node:crypto";
import { rename, rm } from "node:fs/promises";

import { openSafetensors, type Safetensors } from "../encoders/safetensors/open-safetensors.ts";
import type { NamedTensors } from "../encoders/safetensors/tensor-entry.ts";
import { writeSafetensors } from "../encoders/safetensors/write-safetensors.ts";
import type { LayerStatistics } from "../methods/method.ts";
import { bytesOf, float32, type Tensor } from "../tensor/index.ts";
import type { CellStatistics } from "../train/cell-statistics.ts";
import {
  SIGNATURE_KEY,
  signaturePlaceholder,
  signDetectorFile,
  verifyDetectorFile,
} from "./detector-signature.ts";
import { DetectorHeader, parseDetectorHeader } from "./detector-header.ts";

const HEADER_KEY = "loupe.detector";
const CHECKSUM_KEY = "loupe.sha256";
const WEIGHT_PREFIX = "weight/";
/** What the file format calls the cells. */
const CELLS_PREFIX = "places/";

/** A trained detector as it lies in its file. */
export type StoredDetector = {
  readonly header: DetectorHeader;
  /** For standard scoring: what good images of each category have in each cell of the token grid, [gridSize²]. */
  readonly cells: Readonly<Record<string, CellStatistics>>;
  /** Normalisation of the encoder's layers, shallow to deep. */
  readonly statistics: readonly LayerStatistics[];
  readonly weights: Readonly<Record<string, Tensor>>;
};

/** A detector that was read, and the public key by which its file was signed, null without one. */
export type ReadDetector = StoredDetector & { readonly signer: string | null };

function toTensors({ statistics, weights, cells }: StoredDetector): NamedTensors {
  const tensors: Record<string, Tensor> = {};
  for (const [index, { mean, std }] of statistics.entries()) {
    tensors[`statistics/${index}/mean`] = float32([mean.length], mean);
    tensors[`statistics/${index}/deviation`] = float32([std.length], std);
  }
  for (const [category, { base, spread }] of Object.entries(cells)) {
    tensors[`${CELLS_PREFIX}${category}/base`] = float32([base.length], base);
    tensors[`${CELLS_PREFIX}${category}/spread`] = float32([spread.length], spread);
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
 *
 * @param key signs the file; without it anybody could have written it
 */
export async function writeDetectorFile(
  path: string,
  detector: StoredDetector,
  key: KeyObject | null = null,
): Promise<void> {
  const header = JSON.stringify(DetectorHeader.parse(detector.header));
  const tensors = toTensors(detector);
  const metadata = { [HEADER_KEY]: header, [CHECKSUM_KEY]: checksum(header, tensors) };
  if (key === null) {
    await writeSafetensors(path, tensors, metadata);
    return;
  }
  const draft = `${path}.${process.pid}.unsigned`;
  try {
    await writeSafetensors(draft, tensors, {
      ...metadata,
      [SIGNATURE_KEY]: signaturePlaceholder(key),
    });
    await signDetectorFile(draft, key);
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
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

function cellsOf(tensors: NamedTensors): Record<string, CellStatistics> {
  const suffix = "/base";
  const categories = Object.keys(tensors)
    .filter((name) => name.startsWith(CELLS_PREFIX) && name.endsWith(suffix))
    .map((name) => name.slice(CELLS_PREFIX.length, -suffix.length));
  return Object.fromEntries(
    categories.map((category) => {
      const floats = (what: string) => floatsOf(tensors, `${CELLS_PREFIX}${category}/${what}`);
      return [category, { base: floats("base"), spread: floats("spread") }];
    }),
  );
}

/** Every array as long as the header makes it, before anything is computed with it. */
function checkLengths({ header, statistics, cells }: StoredDetector, path: string): void {
  const { layers, gridSize } = header.encoder;
  const fits =
    statistics.every(({ mean, std }, index) =>
      [mean, std].every(({ length }) => length === layers[index]?.channels),
    ) &&
    Object.values(cells).every(({ base, spread }) =>
      [base, spread].every(({ length }) => length === gridSize ** 2),
    );
  if (!fits) {
    throw new Error(
      `Expected a detector file whose arrays are as long as its header says, but those of ${path} ` +
        "are not. Copy it anew from where it was trained.",
    );
  }
}

const METADATA_KEYS: readonly string[] = [HEADER_KEY, CHECKSUM_KEY, SIGNATURE_KEY];

/** Nothing stands in a file that is not accounted for: a renamed signature would be none. */
function checkMetadata(metadata: Safetensors["metadata"], path: string): void {
  const stray = Object.keys(metadata).find((key) => !METADATA_KEYS.includes(key));
  if (stray === undefined) return;
  throw new Error(
    `Expected a detector file, but ${path} was altered: it has an entry ${stray}. ` +
      "Copy it anew from where it was trained.",
  );
}

async function signerOf(file: Safetensors, path: string): Promise<string | null> {
  const text = file.metadata[SIGNATURE_KEY];
  return text === undefined ? null : verifyDetectorFile(path, text);
}

async function parseDetector(file: Safetensors, path: string): Promise<ReadDetector> {
  const text = file.metadata[HEADER_KEY];
  const header = parseDetectorHeader(text, path);
  checkMetadata(file.metadata, path);
  const signer = await signerOf(file, path);
  const tensors = await readAll(file);
  if (file.metadata[CHECKSUM_KEY] !== checksum(text ?? "", tensors)) {
    throw new Error(
      `Expected a whole detector file, but ${path} was altered: its checksum differs. ` +
        "Copy it anew from where it was trained.",
    );
  }
  const statistics = header.encoder.layers.map((_, index) => ({
    mean: floatsOf(tensors, `statistics/${index}/mean`),
    std: floatsOf(tensors, `statistics/${index}/deviation`),
  }));
  const weights = Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(WEIGHT_PREFIX))
      .map(([name, tensor]) => [name.slice(WEIGHT_PREFIX.length), tensor]),
  );
  const detector = { header, statistics, weights, cells: cellsOf(tensors) };
  checkLengths(detector, path);
  return { ...detector, signer };
}

/**
 * The detector in a file, checked before anything is built from it.
 *
 * @throws one sentence when the file is missing, cut short, altered, newer, or of another kind
 */
export async function readDetectorFile(path: string): Promise<ReadDetector> {
  const file = await openSafetensors(path);
  try {
    return await parseDetector(file, path);
  } finally {
    await file.close();
  }
}
