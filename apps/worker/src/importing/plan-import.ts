import {
  AppError,
  cutText,
  DEFECT_TYPE_LENGTH,
  dropInvisible,
  type ImageLabel,
  type Split,
} from "@loupe/contracts";

import { describeStrayFile } from "./describe-stray-file.ts";
import type { SourceFile } from "./import-source.ts";
import { nameCategories } from "./name-categories.ts";
import type { ReportLine } from "./report-line.ts";

/** A file that sits where an image belongs. Whether it is one shows when it is read. */
export type PlannedImage = {
  readonly file: SourceFile;
  readonly category: string;
  readonly split: Split;
  readonly label: ImageLabel;
  readonly defectType: string | null;
  /** What a mask must agree with to belong to this image. */
  readonly maskKey: string;
};

/** A file that sits where a mask belongs. */
export type PlannedMask = {
  readonly file: SourceFile;
  /** Keys of the images that it may belong to, the likelier first. */
  readonly maskKeys: readonly string[];
};

export type ImportPlan = {
  /** Training images first, so that content in both splits is reported on the test image. */
  readonly images: readonly PlannedImage[];
  readonly masks: readonly PlannedMask[];
  /** Files that the layout has no place for; nothing of them is read. */
  readonly strays: readonly ReportLine[];
};

type Placed = { file: SourceFile; root: string; folder: Folder; kind: string; stem: string };
type Folder = "train" | "test" | "ground_truth";

const GOOD = "good";
const MASK_SUFFIX = /_mask$/iu;

/**
 * Where every file of an upload belongs in MVTec layout, from the paths alone.
 *
 * A category is any folder that holds `train/good`, `test/<type>` or `ground_truth/<type>`, however
 * many folders are wrapped around it; `archiveName` names a category without a folder of its own.
 *
 * @throws AppError IMPORT_REFUSED when no file is where an image belongs
 */
export function planImport(files: readonly SourceFile[], archiveName: string): ImportPlan {
  const placed: Placed[] = [];
  const strays: ReportLine[] = [];
  for (const file of files) {
    const place = placeOf(file);
    if ("outcome" in place) strays.push(place);
    else placed.push(place);
  }

  const categories = nameCategories(
    placed.map(({ root }) => root),
    archiveName,
  );
  const images: PlannedImage[] = [];
  const masks: PlannedMask[] = [];
  for (const { file, root, folder, kind, stem } of placed) {
    const category = categories.get(root) ?? archiveName;
    if (folder === "ground_truth") {
      const stems = MASK_SUFFIX.test(stem) ? [stem.replace(MASK_SUFFIX, ""), stem] : [stem];
      masks.push({ file, maskKeys: stems.map((name) => maskKeyOf(root, kind, name)) });
      continue;
    }
    const isGood = kind.toLowerCase() === GOOD;
    images.push({
      file,
      category,
      split: folder,
      label: isGood ? "good" : "defective",
      defectType: isGood ? null : nameDefect(kind),
      maskKey: folder === "test" ? maskKeyOf(root, kind, stem) : `train:${file.path}`,
    });
  }
  if (images.length === 0) throw nothingInLayout(files);

  images.sort(
    (a, b) => Number(a.split === "test") - Number(b.split === "test") || byPath(a.file, b.file),
  );
  masks.sort((a, b) => byPath(a.file, b.file));
  return { images, masks, strays };
}

function placeOf(file: SourceFile): Placed | ReportLine {
  const stray = describeStrayFile(file.path);
  if (stray !== null) return stray;

  const segments = file.path.split("/");
  const fileName = segments.at(-1) ?? "";
  const kind = segments.at(-2) ?? "";
  const folder = folderOf(segments.at(-3));
  if (folder === null) return outsideLayout(file.path);
  if (folder === "train" && kind.toLowerCase() !== GOOD) {
    return {
      path: file.path,
      outcome: "outside_layout",
      reason: `Training images come from train/good only, this one is in train/${kind}.`,
      imageId: null,
    };
  }
  return { file, root: segments.slice(0, -3).join("/"), folder, kind, stem: stemOf(fileName) };
}

/** A folder's name as a name of defects, no longer than one that people give. */
function nameDefect(kind: string): string {
  const name = cutText(dropInvisible(kind).trim(), DEFECT_TYPE_LENGTH).trim();
  return name === "" ? "defective" : name;
}

function folderOf(segment: string | undefined): Folder | null {
  const name = segment?.toLowerCase();
  return name === "train" || name === "test" || name === "ground_truth" ? name : null;
}

function stemOf(fileName: string): string {
  const dot = fileName.lastIndexOf(".");
  return dot > 0 ? fileName.slice(0, dot) : fileName;
}

function maskKeyOf(root: string, kind: string, stem: string): string {
  return JSON.stringify([root, kind, stem]);
}

function byPath(a: SourceFile, b: SourceFile): number {
  if (a.path === b.path) return 0;
  return a.path < b.path ? -1 : 1;
}

function outsideLayout(path: string): ReportLine {
  return {
    path,
    outcome: "outside_layout",
    reason: "Expected a file in train/good, test/<type> or ground_truth/<type> of a category.",
    imageId: null,
  };
}

function nothingInLayout(files: readonly SourceFile[]): AppError {
  const found =
    files.length === 0 ? "the upload is empty" : `${describeFiles(files)} in such a folder`;
  return new AppError(
    "IMPORT_REFUSED",
    `Expected images in train/good and test/<type> of one or several categories, but ${found}.`,
  );
}

function describeFiles([first, ...more]: readonly SourceFile[]): string {
  const name = first?.path ?? "";
  return more.length === 0
    ? `its only file, ${name}, is not`
    : `none of its ${more.length + 1} files (such as ${name}) is`;
}
