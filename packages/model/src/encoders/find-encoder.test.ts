import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { findEncoder, listEncoders } from "./find-encoder.ts";

const FIXTURE = fileURLToPath(new URL("../../test/fixtures/vit", import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "loupe-encoders-"));
  await mkdir(join(folder, "own"));
  await mkdir(join(folder, "shared", "weights"), { recursive: true });
  vi.stubEnv("LOUPE_ENCODERS", join(folder, "own"));
  vi.stubEnv("LOUPE_HOME", join(folder, "home"));
  vi.stubEnv("LOUPE_SHARED_DATA", join(folder, "shared"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test("a path wins, then LOUPE_ENCODERS, what was fetched, and the shared data", async () => {
  const shared = join(folder, "shared", "weights", "small");
  await cp(FIXTURE, shared, { recursive: true });
  expect((await findEncoder("small")).path).toBe(shared);

  const fetched = join(folder, "home", "encoders", "small");
  await cp(FIXTURE, fetched, { recursive: true });
  expect((await findEncoder("small")).path).toBe(fetched);

  const own = join(folder, "own", "small");
  await cp(FIXTURE, own, { recursive: true });
  expect((await findEncoder("small")).path).toBe(own);
  expect((await findEncoder(shared)).path).toBe(shared);
  const small = (await listEncoders()).filter(({ name }) => name === "small");
  expect(small.map(({ path }) => path)).toEqual([own]);
});

test("a machine without any other encoder has the one that ships", async () => {
  await expect(findEncoder("inception-v3")).rejects.toThrow("Known here: loupe.");
  expect((await listEncoders()).map(({ name }) => name)).toEqual(["loupe"]);
});

test("a name that can be fetched is told how", async () => {
  await expect(findEncoder("dinov2-base")).rejects.toThrow(
    "Fetch it: npm run -s loupe -- encoders pull dinov2-base",
  );
});

test("an unknown name is told the known ones", async () => {
  await cp(FIXTURE, join(folder, "own", "small"), { recursive: true });
  await expect(findEncoder("large")).rejects.toThrow("Known here: small, loupe.");
});

test("a folder of another kind says what was expected", async () => {
  await mkdir(join(folder, "own", "odd"));
  await writeFile(join(folder, "own", "odd", "notes.txt"), "");
  await expect(findEncoder("odd")).rejects.toThrow("Expected a folder with config.json");
  await writeFile(join(folder, "own", "odd", "model.onnx"), "no model");
  await expect(findEncoder("odd")).rejects.toThrow(/Expected an ONNX model|no encoder of a known/);
});
