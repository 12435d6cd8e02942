import type { Provider } from "../catalog/providers.ts";
import type { EncoderSource } from "../encoders/encoder-source.ts";
import type { Features, FeatureStore } from "../encoders/feature-store.ts";
import { hashFiles } from "../encoders/hash-files.ts";
import { EncoderOnDemand } from "./encoder-on-demand.ts";

/** A picture that is ready to be encoded, or its features where they were stored. */
export type PreparedPicture =
  { readonly features: Features } | { readonly pixels: Float32Array; readonly hash: string | null };

type ReaderOptions = {
  readonly source: EncoderSource;
  readonly provider: Provider;
  /** Where features are looked up and kept; null for neither. */
  readonly store: FeatureStore | null;
};

/** Features of pictures. With a store, the encoder is loaded only once a picture needs it. */
export class FeatureReader {
  readonly #encoder: EncoderOnDemand;
  readonly #store: FeatureStore | null;

  private constructor({ source, provider, store }: ReaderOptions) {
    this.#encoder = new EncoderOnDemand(source, provider);
    this.#store = store;
  }

  /** @throws when the encoder is to be loaded at once, for want of a store, and cannot be */
  static async open(options: ReaderOptions): Promise<FeatureReader> {
    const reader = new FeatureReader(options);
    if (options.store === null) await reader.#encoder.load();
    return reader;
  }

  /** Pictures that should be under way at once. */
  get ahead(): number {
    return this.#encoder.ahead;
  }

  /** Look a picture up or decode it. @throws when it cannot be read */
  async prepare(path: string): Promise<PreparedPicture> {
    const store = this.#store;
    // A file that cannot be read is reported by the decoder, in its words.
    const hash = store === null ? null : await hashFiles([path]).catch(() => null);
    const features = hash === null ? null : await store?.read(hash);
    if (features) return { features };
    return { pixels: await this.#encoder.prepare(path), hash };
  }

  /** @throws the signal's reason when it is aborted before the picture's turn comes */
  async features(picture: PreparedPicture, signal: AbortSignal): Promise<Features> {
    if ("features" in picture) return picture.features;
    const features = await this.#encoder.encode(picture.pixels, signal);
    if (picture.hash !== null) await this.#store?.write(picture.hash, features);
    return features;
  }

  async close(): Promise<void> {
    await this.#encoder.close();
  }
}
