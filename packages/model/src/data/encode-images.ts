import type { Features, FeatureStore } from "../encoders/feature-store.ts";
import { hashFiles } from "../encoders/hash-files.ts";
import type { EncoderOnDemand } from "./encoder-on-demand.ts";
import type { InputImage } from "./input-image.ts";
import { mapAhead } from "./map-ahead.ts";

export type EncodedImage = {
  readonly image: InputImage;
  /** SHA-256 of the file, by which the store knows the features. */
  readonly hash: string;
  readonly features: Features;
};

type EncodeOptions = {
  encoder: Pick<EncoderOnDemand, "ahead" | "prepare" | "encode">;
  store: FeatureStore;
  signal: AbortSignal;
};

/**
 * Features of each image in order, from the store where it has them, else encoded and kept.
 *
 * Reading, decoding, encoding and storing of several images go on at once, also while the caller
 * works on one.
 *
 * @throws the signal's reason when aborted, or an error that names a picture that cannot be read
 */
export async function* encodeImages(
  images: readonly InputImage[],
  { encoder, store, signal }: EncodeOptions,
): AsyncGenerator<EncodedImage, void, void> {
  const encoded = mapAhead(images, encoder.ahead, async (image) => {
    signal.throwIfAborted();
    const hash = await hashFiles([image.path]);
    const stored = await store.read(hash);
    if (stored !== null) return { image, hash, features: stored };
    const features = await encoder.encode(await encoder.prepare(image.path), signal);
    await store.write(hash, features);
    return { image, hash, features };
  });
  for await (const each of encoded) {
    signal.throwIfAborted();
    yield each;
  }
}
