import type { ReportLine } from "./report-line.ts";

const JUNK_NAMES = new Set([".ds_store", "thumbs.db", "desktop.ini"]);
const NESTED_ARCHIVE = /\.(?:zip|rar|7z|tar|tgz|gz|bz2|xz|zst)$/iu;
/** The notes that travel with public data sets, beside the category's folders. */
const NOTE = /\.(?:txt|md|pdf|html?|csv|json|ya?ml)$/iu;
const LAYOUT_FOLDER = /(?:^|\/)(?:train|test|ground_truth)\//iu;

/** The report line of a file that is none of an import's business, else null. */
export function describeStrayFile(path: string): ReportLine | null {
  const segments = path.split("/");
  const fileName = segments.at(-1) ?? "";
  if (
    segments.includes("__MACOSX") ||
    fileName.startsWith("._") ||
    JUNK_NAMES.has(fileName.toLowerCase())
  ) {
    return ignored(path, "Left out: written by an operating system, not part of the data.");
  }
  if (NESTED_ARCHIVE.test(fileName)) {
    return ignored(path, "Left out: an archive inside the archive. Unpack it first.");
  }
  if (NOTE.test(fileName) && !LAYOUT_FOLDER.test(path)) {
    return ignored(path, "Left out: a note beside the data, not an image.");
  }
  return null;
}

function ignored(path: string, reason: string): ReportLine {
  return { path, outcome: "ignored", reason, imageId: null };
}
