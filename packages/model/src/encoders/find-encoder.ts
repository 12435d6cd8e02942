import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";

import { findCatalogued } from "../catalog/encoder-catalogue.ts";
import { type EncoderInfo, EncoderName } from "../catalog/encoder-info.ts";
import type { EncoderView } from "../catalog/encoder-view.ts";
import type { EncoderFamily, EncoderSource } from "./encoder-source.ts";
import { encoderFolders, fetchedEncodersFolder } from "./env.ts";
import { checkpointFamily } from "./families/checkpoint-family.ts";
import { WEIGHTS_FILE } from "./families/checkpoint-folder.ts";
import { clip } from "./families/clip.ts";
import { dinov2, dinov2WithRegisters } from "./families/dinov2.ts";
import { inceptionV3 } from "./families/inception-v3.ts";
import { loupe } from "./families/loupe.ts";
import { resnet18 } from "./families/resnet18.ts";
import { deit, vit } from "./families/vit.ts";

/** Every architecture that can serve as an encoder; the first that recognises a folder has it. */
const FAMILIES: readonly EncoderFamily[] = [
  ...[vit, deit, clip, dinov2, dinov2WithRegisters].map(checkpointFamily),
  inceptionV3,
  resnet18,
  loupe,
];

const EXPECTED =
  "a folder with config.json and model.safetensors (CLIP, DINOv2, ViT, DeiT), or with model.onnx (" +
  `${inceptionV3.name}, ${resnet18.name}), or loupe.safetensors`;

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

/** A fetched encoder whose weights have not come yet; it must not hide a whole one. */
async function isUnfinished(folder: string): Promise<boolean> {
  const isFetched = dirname(folder) === fetchedEncodersFolder();
  if (!isFetched || findCatalogued(basename(folder)) === null) return false;
  return (await stat(join(folder, WEIGHTS_FILE)).catch(() => null)) === null;
}

async function recognise(folder: string, view: EncoderView = {}): Promise<EncoderSource | null> {
  for (const family of FAMILIES) {
    const source = await family.recognise(folder, view);
    if (source !== null) return source;
  }
  return null;
}

async function folderOf(nameOrPath: string): Promise<string> {
  const looksLikePath = nameOrPath.includes("/") || nameOrPath.includes(sep);
  const candidates = looksLikePath
    ? [resolve(nameOrPath)]
    : [...encoderFolders().map((folder) => join(folder, nameOrPath)), resolve(nameOrPath)];
  for (const folder of candidates) {
    if ((await isFolder(folder)) && !(await isUnfinished(folder))) return folder;
  }
  const known = (await listEncoders()).map((encoder) => encoder.name);
  const hint = findCatalogued(nameOrPath)
    ? `Fetch it: npm run -s loupe -- encoders pull ${nameOrPath}.`
    : `Known here: ${known.join(", ")}.`;
  throw new Error(
    `Expected the name or the path of an encoder, but ${nameOrPath} is in none of ` +
      `${candidates.join(", ")}. ${hint}`,
  );
}

/**
 * The encoder of that name or path, ready to be loaded, seen as `view` says.
 *
 * @throws one clear sentence when there is none, the folder is of no known architecture, or the
 *   encoder cannot be seen that way
 */
export async function locateEncoder(
  nameOrPath: string,
  view: EncoderView = {},
): Promise<EncoderSource> {
  const folder = await folderOf(nameOrPath);
  const source = await recognise(folder, view);
  if (source === null) {
    throw new Error(
      `Expected ${EXPECTED}, but ${folder} holds no encoder of a known architecture.`,
    );
  }
  return source;
}

/**
 * The encoder of that name in the folders in which encoders are looked up, and in no other; null
 * when there is none. For names that come from a file.
 */
export async function locateNamedEncoder(
  name: string,
  view: EncoderView = {},
): Promise<EncoderSource | null> {
  if (!EncoderName.safeParse(name).success) return null;
  for (const parent of encoderFolders()) {
    const folder = join(parent, name);
    if (!(await isFolder(folder)) || (await isUnfinished(folder))) continue;
    return recognise(folder, view);
  }
  return null;
}

/** What is known of the encoder of that name or path. @throws as `locateEncoder` */
export async function findEncoder(nameOrPath: string): Promise<EncoderInfo> {
  return (await locateEncoder(nameOrPath)).info;
}

/** Every encoder that can be used by name on this machine; of two of one name, the first found. */
export async function listEncoders(): Promise<EncoderInfo[]> {
  const found = new Map<string, EncoderInfo>();
  for (const folder of encoderFolders()) {
    const names = (await readdir(folder).catch(() => [])).sort();
    for (const name of names) {
      if (found.has(name) || !(await isFolder(join(folder, name)))) continue;
      const source = await recognise(join(folder, name)).catch(() => null);
      if (source !== null) found.set(name, source.info);
    }
  }
  return [...found.values()];
}
