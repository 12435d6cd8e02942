import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";

import type { EncoderInfo } from "../catalog/encoder-info.ts";
import { sizeOf } from "../tensor/index.ts";
import { featureParts } from "./feature-layout.ts";

/**
 * One image's features in half precision: its token maps, shallow to deep, each [tokens, channels],
 * then its class tokens [channels] when the encoder gives them.
 */
export type Features = readonly Uint16Array[];

const MAGIC = 0x4146504c;
const VERSION = 1;
const HEADER_BYTES = 16;

/**
 * Encoder features on disk, one file an image, named by what decides them.
 *
 * The folder is the encoder (weights, layers, resolution) and the file is the image's content
 * hash, so data sets and runs share features. A file appears whole by renaming; a damaged one
 * fails its checksum and counts as absent.
 *
 * Format: u32 "LPFA", u32 version, u32 values, u32 CRC-32 of the rest; then half-precision values.
 */
export class FeatureStore {
  readonly #folder: string;
  readonly #sizes: readonly number[];

  private constructor(folder: string, sizes: readonly number[]) {
    this.#folder = folder;
    this.#sizes = sizes;
  }

  /** @param encoderKey hash of everything that decides an image's features besides the image */
  static async open(
    cacheDir: string,
    encoder: EncoderInfo,
    encoderKey: string,
  ): Promise<FeatureStore> {
    const folder = join(cacheDir, `${encoder.family}-${encoderKey.slice(0, 16)}`);
    await mkdir(folder, { recursive: true });
    return new FeatureStore(
      folder,
      featureParts(encoder).map(({ shape }) => sizeOf(shape)),
    );
  }

  /** Values of one image over all layers, class tokens included. */
  get valuesPerImage(): number {
    return this.#sizes.reduce((sum, size) => sum + size, 0);
  }

  #path(imageHash: string): string {
    return join(this.#folder, imageHash.slice(0, 2), `${imageHash}.features`);
  }

  /** The features of an image, or null when they are not stored or damaged. */
  async read(imageHash: string): Promise<Features | null> {
    const path = this.#path(imageHash);
    const expected = HEADER_BYTES + 2 * this.valuesPerImage;
    const found = await stat(path).catch(() => null);
    if (found === null || found.size !== expected) return null;

    const bytes = await readFile(path);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const isWhole =
      bytes.length === expected &&
      view.getUint32(0, true) === MAGIC &&
      view.getUint32(4, true) === VERSION &&
      view.getUint32(8, true) === this.valuesPerImage &&
      view.getUint32(12, true) === crc32(bytes.subarray(HEADER_BYTES));
    return isWhole ? this.#split(bytes) : null;
  }

  #split(bytes: Buffer): Features {
    let offset = bytes.byteOffset + HEADER_BYTES;
    return this.#sizes.map((size) => {
      const layer = new Uint16Array(bytes.buffer, offset, size);
      offset += layer.byteLength;
      return layer;
    });
  }

  /** Keep an image's features. Two writers of one image leave one whole file. */
  async write(imageHash: string, features: Features): Promise<void> {
    if (features.length !== this.#sizes.length) {
      throw new Error(`Expected ${this.#sizes.length} arrays of features, got ${features.length}.`);
    }
    const bytes = Buffer.alloc(HEADER_BYTES + 2 * this.valuesPerImage);
    let offset = HEADER_BYTES;
    for (const [index, layer] of features.entries()) {
      if (layer.length !== this.#sizes[index]) {
        throw new Error(
          `Expected ${this.#sizes[index]} values in layer ${index}, got ${layer.length}.`,
        );
      }
      bytes.set(new Uint8Array(layer.buffer, layer.byteOffset, layer.byteLength), offset);
      offset += layer.byteLength;
    }
    bytes.writeUInt32LE(MAGIC, 0);
    bytes.writeUInt32LE(VERSION, 4);
    bytes.writeUInt32LE(this.valuesPerImage, 8);
    bytes.writeUInt32LE(crc32(bytes.subarray(HEADER_BYTES)), 12);

    const path = this.#path(imageHash);
    const partial = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}.partial`;
    await mkdir(join(path, ".."), { recursive: true });
    try {
      await writeFile(partial, bytes);
      await rename(partial, path);
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
  }
}
