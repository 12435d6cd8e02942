import { type CategoryImages, scanDataset } from "../data/scan-dataset.ts";

/**
 * The categories of several data folders together.
 *
 * @throws when two of them have one name, since results are told apart by it
 */
export async function scanFolders(folders: readonly string[]): Promise<CategoryImages[]> {
  const scanned = await Promise.all(folders.map((folder) => scanDataset(folder)));
  const categories = scanned.flat();
  const names = categories.map((category) => category.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new Error(
      `Expected categories of different names, got ${twice} twice in ${folders.join(", ")}. ` +
        "Rename one of the folders.",
    );
  }
  return categories;
}

/** Those with images to learn from. @throws when there are none */
export function withTraining(
  categories: readonly CategoryImages[],
  folders: readonly string[],
): CategoryImages[] {
  const found = categories.filter((category) => category.train.length > 0);
  if (found.length === 0) {
    throw new Error(`Expected images in train/good below ${folders.join(", ")}, got none.`);
  }
  return found;
}
