import { availableParallelism } from "node:os";

import type { EncoderInfo } from "../catalog/encoder-info.ts";
import { encoderSessions } from "../catalog/encoder-sessions.ts";
import type { Provider } from "../catalog/providers.ts";
import type { EncoderSource } from "../encoders/encoder-source.ts";
import { featureNames } from "../encoders/feature-layout.ts";
import type { Features } from "../encoders/feature-store.ts";
import { RUNS_PER_SESSION, SessionPool, type SessionPoolOptions } from "../session/index.ts";
import { float32, toFloat16 } from "../tensor/index.ts";
import { decodeImage } from "./decode-image.ts";

/** Pictures that are read and decoded while others are encoded; each holds about a megabyte. */
const DECODED_AHEAD = 4;

/** A GPU works on one picture at a time with all it has. */
function poolOptions(info: EncoderInfo, provider: Provider): SessionPoolOptions {
  if (provider !== "cpu") return { provider, sessions: 1 };
  const { sessions, threads } = encoderSessions(info, availableParallelism());
  return { provider, sessions, threads };
}

/** Pictures that should be under way at once, so that no session of an encoder waits for one. */
export function picturesUnderWay(info: EncoderInfo, provider: Provider): number {
  return RUNS_PER_SESSION * poolOptions(info, provider).sessions + DECODED_AHEAD;
}

/**
 * A frozen encoder that is loaded: several pictures at once, each in a run of its own.
 *
 * Features are a function of the picture alone: they have no neighbours, and the number of sessions
 * and threads does not change a bit of them (docs/decisions/0014-encoder-pass.md).
 */
export class ImageEncoder {
  readonly info: EncoderInfo;
  readonly #source: EncoderSource;
  readonly #sessions: SessionPool;

  private constructor(source: EncoderSource, sessions: SessionPool) {
    this.info = source.info;
    this.#source = source;
    this.#sessions = sessions;
  }

  static async open(source: EncoderSource, provider: Provider): Promise<ImageEncoder> {
    const model = await source.buildModel(1, provider);
    const sessions = await SessionPool.open(model, poolOptions(source.info, provider));
    return new ImageEncoder(source, sessions);
  }

  /** A picture as the encoder wants it, shape [3, size, size]. @throws when it cannot be read */
  async prepare(path: string): Promise<Float32Array> {
    const size = this.info.inputSize;
    const pixels = new Float32Array(3 * size ** 2);
    await decodeImage(path, this.#source.normalisation, { size, pixels });
    return pixels;
  }

  /**
   * Token maps of a prepared picture, shallow to deep, then the class tokens if it gives them.
   *
   * @param pixels handed over; must not be used again
   * @throws the signal's reason when it is aborted before the picture's turn comes
   */
  async encode(pixels: Float32Array, signal: AbortSignal): Promise<Features> {
    const size = this.info.inputSize;
    const feeds = { pixels: float32([1, 3, size, size], pixels) };
    const outputs = await this.#sessions.run(feeds, { consume: true, signal });
    return featureNames(this.info).map((name) => {
      const data = outputs[name]?.data;
      if (data instanceof Float32Array) return toFloat16(data);
      if (!(data instanceof Uint16Array)) {
        throw new Error(`Expected features ${name} from the encoder, got none.`);
      }
      return data;
    });
  }

  async close(): Promise<void> {
    await this.#sessions.close();
  }
}
