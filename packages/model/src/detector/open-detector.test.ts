import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { locateEncoder } from "../encoders/find-encoder.ts";
import { hashFiles } from "../encoders/hash-files.ts";
import { writeSafetensors } from "../encoders/safetensors/write-safetensors.ts";
import { openSafetensors } from "../encoders/safetensors/open-safetensors.ts";
import { bytesOf, type Tensor } from "../tensor/index.ts";
import { STORED_DETECTOR } from "../testing/stored-detector.ts";
import { type StoredDetector, writeDetectorFile } from "./detector-file.ts";
import { openDetector } from "./open-detector.ts";

const FIXTURE = fileURLToPath(new URL("../../test/fixtures/vit", import.meta.url));

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "loupe-open-"));
  file = join(folder, "a.loupe");
  await mkdir(join(folder, "own"));
  vi.stubEnv("LOUPE_ENCODERS", join(folder, "own"));
  vi.stubEnv("LOUPE_HOME", join(folder, "home"));
  vi.stubEnv("LOUPE_SHARED_DATA", join(folder, "none"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** A detector for the fixture's encoder, as far as its header says. */
async function detectorOf(change: Partial<StoredDetector["header"]["encoder"]>) {
  const { info, files } = await locateEncoder(FIXTURE);
  const sha256 = await hashFiles(files);
  const header = {
    ...STORED_DETECTOR.header,
    encoder: { ...info, sha256, path: null, ...change },
  };
  const { layers, gridSize } = header.encoder;
  return {
    ...STORED_DETECTOR,
    header,
    cells: {
      cap: {
        base: new Float32Array(gridSize ** 2),
        spread: new Float32Array(gridSize ** 2).fill(1),
      },
    },
    statistics: layers.map(({ channels }) => ({
      mean: new Float32Array(channels),
      std: new Float32Array(channels).fill(1),
    })),
  };
}

test("no folder of the file's choice is opened, though the encoder there is the right one", async () => {
  await writeDetectorFile(file, await detectorOf({ name: "elsewhere" }));
  // The same file, as one of before says where its encoder lay.
  const whole = await openSafetensors(file);
  const tensors: Record<string, Tensor> = {};
  for (const name of whole.names) tensors[name] = await whole.read(name);
  const header = (whole.metadata["loupe.detector"] ?? "").replace(
    '"path":null',
    `"path":${JSON.stringify(FIXTURE)}`,
  );
  await whole.close();
  const hash = createHash("sha256").update(header);
  for (const [name, tensor] of Object.entries(tensors)) {
    hash.update(`\n${name} ${tensor.dtype} ${tensor.shape.join("x")}\n`).update(bytesOf(tensor));
  }
  const metadata = { "loupe.detector": header, "loupe.sha256": hash.digest("hex") };
  await writeSafetensors(file, tensors, metadata);
  await expect(openDetector({ file, provider: "cpu" })).rejects.toThrow(
    /Expected the encoder elsewhere .* this machine does not have it/,
  );
});

test("a name is looked up among the encoders, not in the folder where one happens to be", async () => {
  await symlink(FIXTURE, join(folder, "vit"));
  await writeDetectorFile(file, await detectorOf({ name: "vit" }));
  const before = process.cwd();
  const cwd = vi.spyOn(process, "cwd").mockReturnValue(folder);
  await expect(openDetector({ file, provider: "cpu" })).rejects.toThrow("does not have it");
  cwd.mockRestore();
  expect(process.cwd()).toBe(before);
});

test.each([
  ["a larger grid", { gridSize: 300 }],
  ["a larger input", { inputSize: 4096 }],
])("a file that makes %s of its encoder is refused before anything is built", async (_, change) => {
  await symlink(FIXTURE, join(folder, "own", "vit"));
  await writeDetectorFile(file, await detectorOf({ name: "vit", ...change }));
  await expect(openDetector({ file, provider: "cpu" })).rejects.toThrow(
    /Expected a detector file for the encoder vit as it is, .* but .* claims/,
  );
});
