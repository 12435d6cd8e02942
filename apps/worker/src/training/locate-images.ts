import type { ContentHash } from "@loupe/contracts";
import type { DatasetItemRow } from "@loupe/db";
import type { InputImage, LabelledImage } from "@loupe/model";

/** Where the file of a blob lies while it is lent. */
type Locate = (key: ContentHash) => string;

/** The image of a dataset item as the model library wants it: a file on this machine. */
export function locateImage(
  locate: Locate,
  { imageId, category, sha256 }: Pick<DatasetItemRow, "imageId" | "category" | "sha256">,
): InputImage {
  return { id: imageId, category, path: locate(sha256) };
}

/** Images whose truth is known, with their masks; the others are left out. */
export function locateLabelled(
  locate: Locate,
  items: readonly DatasetItemRow[],
): readonly LabelledImage[] {
  return items.flatMap((item): LabelledImage[] => {
    if (item.label === "unknown") return [];
    const maskPath = item.maskSha256 === null ? null : locate(item.maskSha256);
    return [{ ...locateImage(locate, item), label: item.label, maskPath }];
  });
}

/** The blobs that these items' images and masks are. */
export function listKeys(items: readonly DatasetItemRow[]): ContentHash[] {
  return items.flatMap(({ sha256, maskSha256 }) =>
    maskSha256 === null ? [sha256] : [sha256, maskSha256],
  );
}
