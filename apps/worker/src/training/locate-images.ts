import type { ContentHash } from "@loupe/contracts";
import type { DatasetItemRow } from "@loupe/db";
import type { InputImage, LabelledImage } from "@loupe/model";
import type { BlobStore } from "@loupe/platform";

/** The image of a dataset item as the model library wants it: a file on this machine. */
export async function locateImage(
  blobs: BlobStore,
  { imageId, category, sha256 }: Pick<DatasetItemRow, "imageId" | "category" | "sha256">,
): Promise<InputImage> {
  return { id: imageId, category, path: await blobs.path(sha256) };
}

/** Images whose truth is known, with their masks; the others are left out. */
export async function locateLabelled(
  blobs: BlobStore,
  items: readonly DatasetItemRow[],
): Promise<LabelledImage[]> {
  const located: LabelledImage[] = [];
  for (const item of items) {
    if (item.label === "unknown") continue;
    const image = await locateImage(blobs, item);
    located.push({ ...image, label: item.label, maskPath: await maskPath(blobs, item.maskSha256) });
  }
  return located;
}

async function maskPath(blobs: BlobStore, sha256: ContentHash | null): Promise<string | null> {
  return sha256 === null ? null : blobs.path(sha256);
}
