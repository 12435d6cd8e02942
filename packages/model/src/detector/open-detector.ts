import type { EncoderInfo } from "../catalog/encoder-info.ts";
import type { EncoderView } from "../catalog/encoder-view.ts";
import type { Provider } from "../catalog/providers.ts";
import { FeatureReader } from "../data/feature-reader.ts";
import type { InputImage } from "../data/input-image.ts";
import type { EncoderSource } from "../encoders/encoder-source.ts";
import { FeatureStore } from "../encoders/feature-store.ts";
import { locateEncoder, locateNamedEncoder } from "../encoders/find-encoder.ts";
import { hashFiles } from "../encoders/hash-files.ts";
import { findMethod } from "../methods/find-method.ts";
import { encoderKey } from "../train/prepare-features.ts";
import { Scorer } from "../train/scorer.ts";
import { readDetectorFile } from "./detector-file.ts";
import type { DetectorHeader } from "./detector-header.ts";
import type { Detector, DetectorInfo, DetectorSignature, Prediction } from "./detector-types.ts";
import { findSigningKey, publicTextOf } from "./signing-key.ts";
import { scoreImages } from "./score-images.ts";
import { StandardMaps } from "./standard-maps.ts";

type Wanted = {
  readonly file: string;
  readonly view: EncoderView;
  /** Where the caller says that the encoder lies. */
  readonly place: string | undefined;
};

/** The encoder that a detector was trained on: where the caller says, else by its name. */
async function requireEncoder(
  { encoder }: DetectorHeader,
  { file, view, place }: Wanted,
): Promise<EncoderSource> {
  const source =
    place === undefined
      ? await locateNamedEncoder(encoder.name, view).catch(() => null)
      : await locateEncoder(place, view);
  const sha256 = source === null ? null : await hashFiles(source.files);
  if (source !== null && sha256 === encoder.sha256) return source;
  const found =
    source === null
      ? "this machine does not have it"
      : `${source.info.path} holds another (SHA-256 ${sha256?.slice(0, 12) ?? ""}…)`;
  throw new Error(
    `Expected the encoder ${encoder.name} (SHA-256 ${encoder.sha256.slice(0, 12)}…) that ${file} ` +
      `was trained on, but ${found}. Put it into a folder and set LOUPE_ENCODERS to that folder, ` +
      "name it with --encoder, or train again.",
  );
}

/** A file may not make more of an encoder than it is: graphs are as large as the grid. */
function checkShape({ encoder }: DetectorHeader, { info }: EncoderSource, file: string): void {
  const shapeOf = ({ inputSize, gridSize, layers, globals }: Omit<EncoderInfo, "path">) =>
    `${inputSize} pixels, ${gridSize} × ${gridSize} tokens of ` +
    `${layers.map(({ channels }) => channels).join(", ")} channels${globals ? " with globals" : ""}`;
  const [claimed, actual] = [shapeOf(encoder), shapeOf(info)];
  if (claimed === actual) return;
  throw new Error(
    `Expected a detector file for the encoder ${encoder.name} as it is, ${actual}, but ${file} ` +
      `claims ${claimed}. Copy it anew from where it was trained.`,
  );
}

async function signatureOf(
  signer: string | null,
  signingKeyFile: string | undefined,
): Promise<DetectorSignature> {
  if (signer === null) return { by: "nobody" };
  const key = signingKeyFile === undefined ? null : await findSigningKey(signingKeyFile);
  if (key !== null && publicTextOf(key) === signer) return { by: "here" };
  return { by: "elsewhere", signer };
}

function infoOf(header: DetectorHeader, signature: DetectorSignature): DetectorInfo {
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
    signature,
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
  /**
   * Name or path of the encoder, for one that is not found under the name that the file says. It
   * must be the very one that the detector was trained on.
   */
  readonly encoder?: string;
  /** The installation's key, by which its own files are told from others. */
  readonly signingKeyFile?: string;
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
  encoder,
  signingKeyFile,
}: OpenDetectorOptions): Promise<Detector> {
  const { header, statistics, weights, cells, signer } = await readDetectorFile(file);
  const signature = await signatureOf(signer, signingKeyFile);
  const { inputSize, gridSize, layers, globals } = header.encoder;
  const method = findMethod(header.method)(header.settings);
  const source = await requireEncoder(header, { file, view: method.view, place: encoder });
  checkShape(header, source, file);
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
        : new StandardMaps({ overall, cells }, gridSize, (tokens, map) =>
            method.imageScore(tokens, map),
          );
    return new LoadedDetector(
      { info: infoOf(header, signature), provider, standard },
      reader,
      scorer,
    );
  } catch (error) {
    await reader.close();
    throw error;
  }
}
