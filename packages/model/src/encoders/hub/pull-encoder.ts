import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { HubApiError } from "@huggingface/hub";

import { ENCODER_CATALOGUE, findCatalogued } from "../../catalog/encoder-catalogue.ts";
import type { EncoderInfo } from "../../catalog/encoder-info.ts";
import { fetchedEncodersFolder, hubAddress } from "../env.ts";
import { findEncoder } from "../find-encoder.ts";
import { DamagedDownloadError, downloadHubFile } from "./download-hub-file.ts";
import { ENCODER_FILES, type HubRepository, listHubFiles } from "./hub-file.ts";

/** How much of an encoder's files is here. */
export type PullProgress = { readonly doneBytes: number; readonly totalBytes: number };

export type PullOptions = {
  /** A name of `ENCODER_CATALOGUE`. */
  readonly name: string;
  readonly signal: AbortSignal;
};

function listed(words: readonly string[]): string {
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;
}

/** The innermost cause that says something, such as ENOTFOUND. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  if (error.cause instanceof Error) return reasonOf(error.cause);
  return code ?? error.message;
}

/** What a person can do about a failed download, in one sentence. */
function explain(
  error: unknown,
  {
    repository,
    folder,
    doneBytes,
  }: { repository: HubRepository; folder: string; doneBytes: number },
): Error {
  const { hub, name } = repository;
  if (error instanceof DamagedDownloadError) return error;
  const options = { cause: error };
  if (error instanceof HubApiError) {
    return new Error(
      `Expected the files of ${name} from ${hub}, but it answered ${error.statusCode}.`,
      options,
    );
  }
  if (doneBytes > 0) {
    return new Error(
      `The download of ${name} stopped (${reasonOf(error)}); pull it again, and it goes on from ` +
        `the ${(doneBytes / 1e6).toFixed(1)} MB that are here.`,
      options,
    );
  }
  return new Error(
    `Expected to fetch ${name} from ${hub}, which cannot be reached (${reasonOf(error)}): bring ` +
      `its ${listed([...ENCODER_FILES].reverse())} from a machine with a network and put them ` +
      `into ${folder}.`,
    options,
  );
}

/**
 * Fetch an encoder from the Hugging Face hub into `LOUPE_HOME/encoders`, checked by hash.
 *
 * What an earlier attempt has left is gone on with; what is here already is only checked.
 *
 * @returns the encoder, ready to be used by its name
 * @throws one sentence when the name is unknown, there is no network (with the files to bring and
 *   where to put them), the connection breaks, or other bytes came than the hub announced
 */
export async function* pullEncoder({
  name,
  signal,
}: PullOptions): AsyncGenerator<PullProgress, EncoderInfo, void> {
  const entry = findCatalogued(name);
  if (entry === null) {
    const known = ENCODER_CATALOGUE.map((each) => each.name).join(", ");
    throw new Error(`Expected the name of an encoder on the hub (${known}), got "${name}".`);
  }
  const folder = join(fetchedEncodersFolder(), name);
  const repository: HubRepository = {
    hub: hubAddress(),
    name: entry.repository,
    fetch: (target, init) => fetch(target, { ...init, signal }),
  };
  let doneBytes = 0;
  try {
    const files = await listHubFiles(repository);
    await mkdir(folder, { recursive: true });
    const totalBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
    let before = 0;
    for (const file of files) {
      for await (const bytes of downloadHubFile(file, repository, folder)) {
        signal.throwIfAborted();
        doneBytes = before + bytes;
        yield { doneBytes, totalBytes };
      }
      before += file.sizeBytes;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw explain(error, { repository, folder, doneBytes });
  }
  return findEncoder(folder);
}
