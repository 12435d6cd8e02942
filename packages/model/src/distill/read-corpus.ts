import { readFile, realpath, stat } from "node:fs/promises";
import { dirname, extname, join, resolve } from "node:path";

import { listFolder } from "../data/list-folder.ts";

/** Kinds of picture that sharp reads without a further library. */
const EXTENSIONS = new Set([".jpg", ".jpeg", ".png", ".webp"]);

/** Links are followed; a folder that is reached twice, as in a circle of links, is read once. */
async function imagesBelow(folder: string, seen = new Set<string>()): Promise<string[]> {
  const real = await realpath(folder);
  if (seen.has(real)) return [];
  seen.add(real);
  const { folders, files } = await listFolder(folder);
  const images = files
    .filter((name) => EXTENSIONS.has(extname(name).toLowerCase()))
    .map((name) => join(folder, name));
  for (const name of folders) images.push(...(await imagesBelow(join(folder, name), seen)));
  return images.sort();
}

async function listedImages(file: string): Promise<string[]> {
  const folder = dirname(resolve(file));
  const lines = (await readFile(file, "utf8")).split("\n").map((line) => line.trim());
  return lines
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => resolve(folder, line));
}

/**
 * The pictures of a corpus: every image below a folder, or the lines of a list.
 *
 * A list holds one path a line, relative to the list; a picture that stands there more than once
 * is drawn that much more often. Lines that begin with # are comments.
 *
 * @throws one sentence when there is nothing to read
 */
export async function readCorpus(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => null);
  if (found === null) {
    throw new Error(
      `Expected a corpus, a folder of images or a list of them, but ${path} is not there.`,
    );
  }
  const images = found.isDirectory() ? await imagesBelow(path) : await listedImages(path);
  if (images.length === 0) {
    throw new Error(`Expected JPEG, PNG or WebP images in the corpus ${path}, got none.`);
  }
  return images;
}
