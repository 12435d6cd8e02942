import { pathsInfo, type PathInfo } from "@huggingface/hub";

import { CONFIG_FILE, PREPROCESSOR_FILE, WEIGHTS_FILE } from "../families/checkpoint-folder.ts";

/** Where a repository's files are asked for. */
export type HubRepository = {
  readonly hub: string;
  /** Owner and name. */
  readonly name: string;
  /** Aborts with the caller's signal. */
  readonly fetch: typeof fetch;
};

/** A file on the hub with what its bytes must hash to. */
export type HubFile = {
  readonly path: string;
  readonly revision: string;
  readonly sizeBytes: number;
  /** Large files are known by the SHA-256 of their bytes, small ones by their name in git. */
  readonly hash: { readonly kind: "sha256" | "git"; readonly hex: string };
};

/** What an encoder needs, the weights last: a folder without them is no encoder yet. */
export const ENCODER_FILES = [CONFIG_FILE, PREPROCESSOR_FILE, WEIGHTS_FILE];

const MAIN = "main";
/** The hub's own converter, and how it calls what it offers. */
const CONVERTER = { author: "SFconvertbot", title: "Adding `safetensors` variant of this model" };

type Discussion = {
  readonly num?: unknown;
  readonly title?: unknown;
  readonly isPullRequest?: unknown;
  readonly author?: { readonly name?: unknown } | null;
};

function toHubFile({ path, size, lfs, oid }: PathInfo, revision: string): HubFile {
  const hex = lfs?.oid ?? oid;
  if (hex === undefined) throw new Error(`Expected a hash of ${path} from the hub, got none.`);
  const kind = lfs === undefined ? "git" : "sha256";
  return { path, revision, sizeBytes: size, hash: { kind, hex } };
}

async function filesAt(
  { hub, name, fetch }: HubRepository,
  paths: readonly string[],
  revision: string,
): Promise<HubFile[]> {
  const found = await pathsInfo({ repo: name, paths: [...paths], revision, hubUrl: hub, fetch });
  return found.filter(({ type }) => type === "file").map((info) => toHubFile(info, revision));
}

/**
 * Where the hub's converter put safetensors that the owner has not merged, or null.
 *
 * Several of the published encoders have them there alone. Offers of anybody else do not count.
 */
async function convertedRevision({ hub, name, fetch }: HubRepository): Promise<string | null> {
  const query = `type=pull_request&status=all&author=${CONVERTER.author}`;
  const response = await fetch(`${hub}/api/models/${name}/discussions?${query}`);
  if (!response.ok) return null;
  const { discussions } = (await response.json()) as { discussions?: readonly Discussion[] };
  const offer = discussions?.find(
    ({ title, author, isPullRequest }) =>
      isPullRequest === true && title === CONVERTER.title && author?.name === CONVERTER.author,
  );
  return typeof offer?.num === "number" ? `refs/pr/${offer.num}` : null;
}

/** The files that an encoder needs, in the order in which they are fetched. */
export async function listHubFiles(repository: HubRepository): Promise<HubFile[]> {
  const files = await filesAt(repository, ENCODER_FILES, MAIN);
  const missing = ENCODER_FILES.filter((path) => !files.some((file) => file.path === path));
  const revision = missing.length === 0 ? null : await convertedRevision(repository);
  if (revision !== null) files.push(...(await filesAt(repository, missing, revision)));
  return ENCODER_FILES.map((path) => {
    const file = files.find((each) => each.path === path);
    if (file === undefined) {
      throw new Error(
        `Expected ${path} in ${repository.name} on ${repository.hub}, but it is not there.`,
      );
    }
    return file;
  });
}
