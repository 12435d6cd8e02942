import { createHash } from "node:crypto";

import type { EncoderInfo } from "../catalog/encoder-info.ts";
import type { EncoderView } from "../catalog/encoder-view.ts";
import { encodeImages } from "../data/encode-images.ts";
import { EncoderOnDemand } from "../data/encoder-on-demand.ts";
import type { EncoderSource } from "../encoders/encoder-source.ts";
import { locateEncoder } from "../encoders/find-encoder.ts";
import { type Features, FeatureStore } from "../encoders/feature-store.ts";
import { hashFiles } from "../encoders/hash-files.ts";
import type { LayerStatistics } from "../methods/method.ts";
import { ChannelStatistics } from "./channel-statistics.ts";
import type { TrainEvent, TrainOptions } from "./train-events.ts";

/** A picture to show while training, with its features in memory. */
export type Probe = { readonly id: string; readonly features: Features };

export type PreparedFeatures = {
  readonly encoder: EncoderInfo;
  readonly source: EncoderSource;
  /** SHA-256 of the encoder's files. */
  readonly encoderHash: string;
  readonly store: FeatureStore;
  /** Content hash of each training image, in order. */
  readonly hashes: readonly string[];
  readonly statistics: readonly LayerStatistics[];
  readonly probes: readonly Probe[];
};

/** Changes whenever the same files would give other features. */
const FEATURE_VERSION = 1;

/** The part of a feature's identity that is not the image. */
export function encoderKey(encoder: EncoderInfo, encoderHash: string): string {
  const { family, inputSize, gridSize, layers, globals, space } = encoder;
  const view = { inputSize, gridSize, layers, globals, space };
  const parts = { version: FEATURE_VERSION, encoderHash, family, ...view };
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/**
 * Encode every training image and probe once, or find it in the cache, and measure the channels.
 *
 * Yields progress over all pictures. The encoder is loaded only when a picture is not in the cache,
 * and closed before this returns, so its memory is free while the decoder trains.
 */
export async function* prepareFeatures(
  options: TrainOptions,
  view: EncoderView,
): AsyncGenerator<TrainEvent, PreparedFeatures, void> {
  const { images, probes, cacheDir, provider, signal } = options;
  const source = await locateEncoder(options.encoder, view);
  const encoderHash = await hashFiles(source.files);
  const { info } = source;
  const store = await FeatureStore.open(cacheDir, info, encoderKey(info, encoderHash));
  const statistics = new ChannelStatistics(info.layers.map((layer) => layer.channels));
  const hashes: string[] = [];
  const shown: Probe[] = [];
  const total = images.length + probes.length;

  yield { type: "stage", stage: "encoding", done: 0, total };
  const encoder = new EncoderOnDemand(source, provider);
  try {
    for await (const { hash, features } of encodeImages(images, { encoder, store, signal })) {
      hashes.push(hash);
      statistics.add(features.slice(0, info.layers.length));
      yield { type: "stage", stage: "encoding", done: hashes.length, total };
    }
    for await (const { image, features } of encodeImages(probes, { encoder, store, signal })) {
      shown.push({ id: image.id, features });
      yield { type: "stage", stage: "encoding", done: hashes.length + shown.length, total };
    }
  } finally {
    await encoder.close();
  }
  return {
    encoder: info,
    source,
    encoderHash,
    store,
    hashes,
    statistics: statistics.value(),
    probes: shown,
  };
}
