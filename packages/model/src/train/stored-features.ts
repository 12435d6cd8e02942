import type { Features, FeatureStore } from "../encoders/feature-store.ts";

/** Where the features of each training image lie. */
export type StoredImages = {
  readonly store: Pick<FeatureStore, "read">;
  /** Content hash of each training image, in order. */
  readonly hashes: readonly string[];
};

/** A training image's features from the store; they were put there before the first step. */
export async function storedFeatures(
  { store, hashes }: StoredImages,
  index: number,
): Promise<Features> {
  const hash = hashes[index] ?? "";
  const features = await store.read(hash);
  if (features === null) {
    throw new Error(
      `Expected the features of image ${index} in the cache, but they are gone or damaged. ` +
        "Start the run again to encode it anew.",
    );
  }
  return features;
}
