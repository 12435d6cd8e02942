import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { writeSafetensors } from "../encoders/safetensors/write-safetensors.ts";
import { float32 } from "../tensor/index.ts";
import { STORED_DETECTOR } from "../testing/stored-detector.ts";
import { readDetectorFile, writeDetectorFile } from "./detector-file.ts";
import { openDetector } from "./open-detector.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "loupe-detector-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("a detector comes back whole, and equal detectors have equal bytes", async () => {
  const [first, second] = [join(folder, "1.loupe"), join(folder, "2.loupe")];
  await writeDetectorFile(first, STORED_DETECTOR);
  const { weights } = STORED_DETECTOR;
  const turned = Object.fromEntries(Object.entries(weights).reverse());
  await writeDetectorFile(second, { ...STORED_DETECTOR, weights: turned });
  expect(await readFile(first)).toEqual(await readFile(second));
  expect(await readDetectorFile(first)).toEqual({ ...STORED_DETECTOR, signer: null });
});

test("a single changed bit anywhere is noticed", async () => {
  const path = join(folder, "changed.loupe");
  await writeDetectorFile(path, STORED_DETECTOR);
  const whole = await readFile(path);
  for (let at = 0; at < whole.length; at += 13) {
    const changed = Buffer.from(whole);
    changed[at] = (changed[at] ?? 0) ^ 1;
    await writeFile(path, changed);
    await expect(readDetectorFile(path), `byte ${at}`).rejects.toThrow(/^Expected /);
  }
});

test("changed weights say that the file was altered, a cut file that it is not whole", async () => {
  const path = join(folder, "altered.loupe");
  await writeDetectorFile(path, STORED_DETECTOR);
  const whole = await readFile(path);
  const altered = Buffer.from(whole);
  altered[whole.length - 1] = (altered[whole.length - 1] ?? 0) ^ 0x40;
  await writeFile(path, altered);
  await expect(readDetectorFile(path)).rejects.toThrow("was altered: its checksum differs");
  await writeFile(path, whole.subarray(0, whole.length - 4));
  await expect(readDetectorFile(path)).rejects.toThrow("Expected a whole safetensors file");
});

test("another safetensors file, a newer version and a foreign file are told apart", async () => {
  const path = join(folder, "other");
  await writeSafetensors(path, { x: float32([1], [1]) }, {});
  await expect(readDetectorFile(path)).rejects.toThrow("is another safetensors file");
  await writeSafetensors(path, {}, { "loupe.detector": JSON.stringify({ version: 2 }) });
  await expect(readDetectorFile(path)).rejects.toThrow("is of version 2. Update Loupe");
  await writeSafetensors(path, {}, { "loupe.detector": JSON.stringify({ version: 1 }) });
  await expect(readDetectorFile(path)).rejects.toThrow("has another form");
  await writeFile(path, "GIF89a");
  await expect(readDetectorFile(path)).rejects.toThrow("Expected a whole safetensors file");
});

test("a detector whose encoder is not here says which one it needs", async () => {
  const file = join(folder, "homeless.loupe");
  await writeDetectorFile(file, STORED_DETECTOR);
  await expect(openDetector({ file, provider: "cpu" })).rejects.toThrow(
    /Expected the encoder nowhere-to-be-found \(SHA-256 0a0a.*this machine does not have it/,
  );
});

test("an encoder that the caller names must be the very one", async () => {
  const file = join(folder, "impostor.loupe");
  const encoder = new URL("../../test/fixtures/vit", import.meta.url).pathname;
  await writeDetectorFile(file, STORED_DETECTOR);
  await expect(openDetector({ file, provider: "cpu", encoder })).rejects.toThrow(
    /fixtures\/vit holds another \(SHA-256 [0-9a-f]{12}…\)/,
  );
});
