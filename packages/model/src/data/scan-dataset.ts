import { stat } from "node:fs/promises";
import { basename, extname, join, parse, resolve } from "node:path";

import type { InputImage, LabelledImage } from "./input-image.ts";
import { type FolderContent, listFolder } from "./list-folder.ts";

/** One product's images in MVTec layout. */
export type CategoryImages = {
  readonly name: string;
  readonly train: readonly InputImage[];
  readonly test: readonly LabelledImage[];
};

/** What the decoder of `decode-image.ts` reads. */
const IMAGE_EXTENSIONS = new Set([".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".avif"]);

/** Names that a sentence has room for. */
const FEW_NAMES = 5;

const LAYOUT = "train/good, test/<defect or good>, ground_truth/<defect>/<name>_mask.png";

async function listImages(folder: string): Promise<string[]> {
  const { files } = await listFolder(folder);
  return files.filter((name) => IMAGE_EXTENSIONS.has(extname(name).toLowerCase()));
}

/** A defect's masks by the stem of the image that they belong to. */
async function masksByStem(folder: string): Promise<Map<string, string>> {
  const masks = await listImages(folder);
  return new Map(masks.map((name) => [parse(name).name.replace(/_mask$/, ""), join(folder, name)]));
}

async function scanTest(root: string, category: string): Promise<LabelledImage[]> {
  const images: LabelledImage[] = [];
  for (const defect of (await listFolder(join(root, "test"))).folders) {
    const isGood = defect === "good";
    const masks = isGood ? null : await masksByStem(join(root, "ground_truth", defect));
    for (const name of await listImages(join(root, "test", defect))) {
      images.push({
        id: `${category}/test/${defect}/${name}`,
        category,
        path: join(root, "test", defect, name),
        label: isGood ? "good" : "defective",
        maskPath: masks?.get(parse(name).name) ?? null,
      });
    }
  }
  return images;
}

async function scanCategory(root: string): Promise<CategoryImages> {
  const name = basename(root);
  const good = join(root, "train", "good");
  const train = (await listImages(good)).map((file) => ({
    id: `${name}/train/good/${file}`,
    category: name,
    path: join(good, file),
  }));
  return { name, train, test: await scanTest(root, name) };
}

function isCategory({ folders }: FolderContent): boolean {
  return folders.includes("train") || folders.includes("test");
}

/** The first few names, and how many more there are. */
function someOf(names: readonly string[]): string {
  const others = names.length - FEW_NAMES;
  const shown = names.slice(0, FEW_NAMES).join(", ");
  return others > 0 ? `${shown} and ${others} more` : shown;
}

/** What was found where a data set should have been, in words. */
function describe({ folders, files, brokenLinks }: FolderContent): string {
  const found = [
    ...(folders.length > 0 ? [`the folders ${someOf(folders)} without train/ or test/`] : []),
    ...(files.length > 0 ? [`the files ${someOf(files)}`] : []),
    ...(brokenLinks.length > 0 ? [`links that lead nowhere (${someOf(brokenLinks)})`] : []),
  ];
  return found.length === 0 ? "an empty folder" : found.join(" and ");
}

/**
 * The categories of a data set in MVTec layout, sorted by name. Links are followed.
 *
 * @param directory one category, or a folder of categories
 * @throws when it is no folder, or neither it nor its folders hold train/ or test/
 */
export async function scanDataset(directory: string): Promise<CategoryImages[]> {
  const root = resolve(directory);
  const found = await stat(root).catch(() => null);
  if (found === null) {
    throw new Error(`Expected a data folder, but ${directory} does not exist.`);
  }
  if (!found.isDirectory()) {
    throw new Error(`Expected a data folder, but ${directory} is a file.`);
  }
  const content = await listFolder(root);
  if (isCategory(content)) return [await scanCategory(root)];

  const categories: CategoryImages[] = [];
  for (const name of content.folders) {
    const folder = join(root, name);
    if (isCategory(await listFolder(folder))) categories.push(await scanCategory(folder));
  }
  if (categories.length === 0) {
    throw new Error(
      `Expected MVTec layout (${LAYOUT}) in ${directory} or in its folders, got ` +
        `${describe(content)}. Point at one category or at a folder of categories.`,
    );
  }
  return categories;
}
