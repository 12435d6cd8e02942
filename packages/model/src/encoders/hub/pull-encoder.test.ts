import { cp, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { EncoderInfo } from "../../catalog/encoder-info.ts";
import { HubServer } from "../../testing/hub-server.ts";
import { readEncoderFixture, writeTinyCheckpoint } from "../../testing/tiny-checkpoint.ts";
import { findEncoder } from "../find-encoder.ts";
import { pullEncoder, type PullProgress } from "./pull-encoder.ts";

const NAME = "clip-vit-base-patch32";
const WEIGHTS = "model.safetensors";
const FILES = ["config.json", WEIGHTS, "preprocessor_config.json"];

let root: string;
let hub: HubServer;
let folder: string;
let published: Record<string, Buffer>;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "loupe-hub-"));
  await writeTinyCheckpoint(join(root, "published"), readEncoderFixture("clip"));
  published = {};
  for (const file of FILES) published[file] = await readFile(join(root, "published", file));
  hub = new HubServer();
  hub.shelves["main"] = published;
  folder = join(root, "home", "encoders", NAME);
  vi.stubEnv("HF_ENDPOINT", await hub.open());
  vi.stubEnv("LOUPE_HOME", join(root, "home"));
  vi.stubEnv("LOUPE_ENCODERS", undefined);
  vi.stubEnv("LOUPE_SHARED_DATA", join(root, "none"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await hub.close();
  await rm(root, { recursive: true });
});

async function pull(
  signal = new AbortController().signal,
  onProgress: (progress: PullProgress) => void = () => undefined,
): Promise<EncoderInfo> {
  const pulling = pullEncoder({ name: NAME, signal });
  for (;;) {
    const next = await pulling.next();
    if (next.done === true) return next.value;
    onProgress(next.value);
  }
}

function weightRequests(): number[] {
  return hub.seen.filter(({ path }) => path.endsWith(WEIGHTS)).map(({ start }) => start);
}

test("an encoder comes with progress, is found by its name, and is fetched once", async () => {
  const seen: PullProgress[] = [];
  const info = await pull(undefined, (progress) => seen.push(progress));
  expect(info).toMatchObject({ name: NAME, path: folder, family: "clip", text: { width: 6 } });
  expect(await findEncoder(NAME)).toEqual(info);
  expect((await readdir(folder)).sort()).toEqual(FILES);
  const total = Object.values(published).reduce((sum, bytes) => sum + bytes.length, 0);
  expect(seen.at(-1)).toEqual({ doneBytes: total, totalBytes: total });
  expect(seen.length).toBeGreaterThan(5);
  const counts = seen.map(({ doneBytes }) => doneBytes);
  expect(counts).toEqual(counts.toSorted((a, b) => a - b));

  hub.seen.length = 0;
  expect(await pull()).toEqual(info);
  expect(hub.seen).toEqual([]);
});

test("a download that breaks half way goes on where it stopped", async () => {
  const half = Math.floor(published[WEIGHTS]!.length / 2);
  hub.cutAfter = half;
  await expect(pull()).rejects.toThrow(
    /^The download of openai\/clip-vit-base-patch32 stopped \(.+\); pull it again, and it goes on from the 0\.\d MB/,
  );
  await expect(findEncoder(NAME)).rejects.toThrow(`encoders pull ${NAME}`);
  const whole = join(root, "none", "weights", NAME);
  await cp(join(root, "published"), whole, { recursive: true });
  expect((await findEncoder(NAME)).path).toBe(whole);
  const [partial = ""] = (await readdir(folder)).filter((name) => name.endsWith(".partial"));
  const { size } = await stat(join(folder, partial));
  expect(size).toBeGreaterThan(0);
  expect(size).toBeLessThanOrEqual(half);

  await pull();
  expect(weightRequests()).toEqual([0, size]);
  expect(published[WEIGHTS]!.equals(await readFile(join(folder, WEIGHTS)))).toBe(true);
  expect((await readdir(folder)).sort()).toEqual(FILES);
});

test("bytes with another hash are refused and removed, and the next pull starts anew", async () => {
  hub.isLying = true;
  await expect(pull()).rejects.toThrow(/Expected config\.json with the hash .* other bytes came/);
  expect(await readdir(folder)).toEqual([]);

  hub.isLying = false;
  hub.cutAfter = published[WEIGHTS]!.length - 10;
  await expect(pull()).rejects.toThrow("stopped");
  hub.isLying = true;
  await expect(pull()).rejects.toThrow(/Expected model\.safetensors with the hash/);
  expect((await readdir(folder)).sort()).toEqual(["config.json", "preprocessor_config.json"]);
  hub.isLying = false;
  expect((await pull()).name).toBe(NAME);
  expect(weightRequests().at(-1)).toBe(0);
});

test("weights that only the hub's converter offers are taken, those of others are not", async () => {
  const { [WEIGHTS]: weights, ...rest } = published;
  hub.shelves["main"] = rest;
  hub.shelves["refs/pr/7"] = { [WEIGHTS]: weights! };
  const offer = {
    num: 7,
    isPullRequest: true,
    title: "Adding `safetensors` variant of this model",
  };
  hub.discussions = [{ ...offer, author: { name: "somebody" } }];
  await expect(pull()).rejects.toThrow(/Expected model\.safetensors in openai\/clip.*not there/);

  hub.discussions = [{ ...offer, author: { name: "SFconvertbot" } }];
  expect((await pull()).sizeBytes).toBe(weights!.length);
});

test("aborting throws the signal's reason and keeps what has come", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const pulling = pull(controller.signal, ({ doneBytes }) => {
    if (doneBytes > 100_000) controller.abort(reason);
  });
  await expect(pulling).rejects.toBe(reason);
  expect((await readdir(folder)).some((name) => name.endsWith(".partial"))).toBe(true);
});

test("without a network one sentence names the files to bring and where to put them", async () => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  vi.stubEnv("HF_ENDPOINT", `http://127.0.0.1:${port}/`);
  await expect(pull()).rejects.toThrow(
    `Expected to fetch openai/${NAME} from http://127.0.0.1:${port}, which cannot be reached ` +
      "(ECONNREFUSED): bring its model.safetensors, preprocessor_config.json and config.json " +
      `from a machine with a network and put them into ${folder}.`,
  );
});

test("a repository that the hub does not have, and a name that nobody knows", async () => {
  vi.stubEnv("HF_ENDPOINT", `${process.env["HF_ENDPOINT"] ?? ""}/resolve`);
  await expect(pull()).rejects.toThrow(/Expected the files of openai\/clip.* answered 404/);
  const { signal } = new AbortController();
  await expect(pullEncoder({ name: "clip-vit-huge", signal }).next()).rejects.toThrow(
    /Expected the name of an encoder on the hub \(clip-vit-base-patch32, .*\), got "clip-vit-huge"/,
  );
});
