import type { EncoderView } from "../catalog/encoder-view.ts";
import type { Provider } from "../catalog/providers.ts";
import { FeatureReader } from "../data/feature-reader.ts";
import type { InputImage } from "../data/input-image.ts";
import type { EncoderSource } from "../encoders/encoder-source.ts";
import { FeatureStore } from "../encoders/feature-store.ts";
import { locateEncoder } from "../encoders/find-encoder.ts";
import { hashFiles } from "../encoders/hash-files.ts";
import { findMethod } from "../methods/find-method.ts";
import { encoderKey } from "../train/prepare-features.ts";
import { Scorer } from "../train/scorer.ts";
import { type DetectorHeader, readDetectorFile } from "./detector-file.ts";
import type { Detector, DetectorInfo, Prediction } from "./detector-types.ts";
import { scoreImages } from "./score-images.ts";
import { StandardMaps } from "./standard-maps.ts";

/** The encoder that a detector was trained on: by its name, else where it lay. */
async function requireEncoder(
  { encoder }: DetectorHeader,
  { file, view }: { file: string; view: EncoderView },
): Promise<EncoderSource> {
  const others: string[] = [];
  for (const place of [encoder.name, encoder.path]) {
    if (place === null) continue;
    const source = await locateEncoder(place, view).catch(() => null);
    if (source === null) continue;
    const sha256 = await hashFiles(source.files);
    if (sha256 === encoder.sha256) return source;
    others.push(`${source.info.path} holds another (SHA-256 ${sha256.slice(0, 12)}…)`);
  }
  const found = others.length === 0 ? "this machine does not have it" : others.join(" and ");
  throw new Error(
    `Expected the encoder ${encoder.name} (SHA-256 ${encoder.sha256.slice(0, 12)}…) that ${file} ` +
      `was trained on, but ${found}. Put it into a folder and set LOUPE_ENCODERS to that folder, ` +
      "or train again.",
  );
}

function infoOf(header: DetectorHeader): DetectorInfo {
  const { method, encoder, categories, standard, settings, note, training } = header;
  const { scale, scores, byCategory } = header;
  return {
    method,
    encoder: { name: encoder.name, sha256: encoder.sha256 },
    categories,
    scoring: standard === null ? "raw" : "standard",
    scale,
    scores,
    byCategory,
    inputSize: encoder.inputSize,
    steps: training.steps,
    batch: training.batch,
    seed: training.seed,
    trainImages: training.images,
    settings,
    note,
  };
}

class LoadedDetector implements Detector {
  readonly info: DetectorInfo;
  readonly provider: Provider;
  readonly #reader: FeatureReader;
  readonly #scorer: Scorer;
  readonly #standard: StandardMaps | null;

  constructor(
    loaded: { info: DetectorInfo; provider: Provider; standard: StandardMaps | null },
    reader: FeatureReader,
    scorer: Scorer,
  ) {
    this.info = loaded.info;
    this.provider = loaded.provider;
    this.#reader = reader;
    this.#scorer = scorer;
    this.#standard = loaded.standard;
  }

  score(
    images: readonly InputImage[],
    { signal }: { signal: AbortSignal },
  ): AsyncGenerator<Prediction, void, void> {
    const [reader, scorer, standard] = [this.#reader, this.#scorer, this.#standard];
    return scoreImages(images, { reader, scorer, standard, signal });
  }

  async close(): Promise<void> {
    await Promise.all([this.#reader.close(), this.#scorer.close()]);
  }
}

export type OpenDetectorOptions = {
  readonly file: string;
  readonly provider: Provider;
  /**
   * Where the features of scored images are kept and found again, as those of training are. Not
   * given, every image is encoded and nothing is written.
   */
  readonly cacheDir?: string;
};

/**
 * Load a detector file together with its encoder.
 *
 * @throws one sentence when the file is damaged or foreign, or its encoder is missing or another
 */
export async function openDetector({
  file,
  provider,
  cacheDir,
}: OpenDetectorOptions): Promise<Detector> {
  const { header, statistics, weights, places } = await readDetectorFile(file);
  const { inputSize, gridSize, layers, globals } = header.encoder;
  const method = findMethod(header.method)(header.settings);
  const source = await requireEncoder(header, { file, view: method.view });
  const grid = { batch: 1, inputSize, gridSize, layers, statistics, globals };
  const context = { ...grid, text: null, steps: 0, stepsPerEpoch: 1 };

  const { info } = source;
  const key = encoderKey(info, header.encoder.sha256);
  const store = cacheDir === undefined ? null : await FeatureStore.open(cacheDir, info, key);
  const reader = await FeatureReader.open({ source, provider, store });
  try {
    const scorer = await Scorer.open({ method, context, provider }, weights);
    const overall = header.standard;
    const standard =
      overall === null
        ? null
        : new StandardMaps({ overall, places }, gridSize, (tokens, map) =>
            method.imageScore(tokens, map),
          );
    return new LoadedDetector({ info: infoOf(header), provider, standard }, reader, scorer);
  } catch (error) {
    await reader.close();
    throw error;
  }
}
