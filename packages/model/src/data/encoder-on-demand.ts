import type { Provider } from "../catalog/providers.ts";
import type { EncoderSource } from "../encoders/encoder-source.ts";
import type { Features } from "../encoders/feature-store.ts";
import { ImageEncoder, picturesUnderWay } from "./image-encoder.ts";

/** An encoder that is loaded when a picture first needs it; where all features are known, never. */
export class EncoderOnDemand {
  /** Pictures that should be under way at once. */
  readonly ahead: number;
  readonly #source: EncoderSource;
  readonly #provider: Provider;
  #loaded: Promise<ImageEncoder> | null = null;

  constructor(source: EncoderSource, provider: Provider) {
    this.ahead = picturesUnderWay(source.info, provider);
    this.#source = source;
    this.#provider = provider;
  }

  /** @throws when it cannot be loaded */
  load(): Promise<ImageEncoder> {
    return (this.#loaded ??= ImageEncoder.open(this.#source, this.#provider));
  }

  async prepare(path: string): Promise<Float32Array> {
    return (await this.load()).prepare(path);
  }

  async encode(pixels: Float32Array, signal: AbortSignal): Promise<Features> {
    return (await this.load()).encode(pixels, signal);
  }

  async close(): Promise<void> {
    const encoder = await this.#loaded?.catch(() => null);
    await encoder?.close();
  }
}
