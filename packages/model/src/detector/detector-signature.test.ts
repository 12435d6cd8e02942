import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { openSafetensors } from "../encoders/safetensors/open-safetensors.ts";
import { writeSafetensors } from "../encoders/safetensors/write-safetensors.ts";
import type { Tensor } from "../tensor/index.ts";
import { STORED_DETECTOR } from "../testing/stored-detector.ts";
import { readDetectorFile, writeDetectorFile } from "./detector-file.ts";
import { findSigningKey, openSigningKey, publicTextOf } from "./signing-key.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "loupe-signature-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("a signed detector comes back whole with who signed it, and always has the same bytes", async () => {
  const key = await openSigningKey(join(folder, "key"));
  const [first, second] = [join(folder, "1.loupe"), join(folder, "2.loupe")];
  await writeDetectorFile(first, STORED_DETECTOR, key);
  await writeDetectorFile(second, STORED_DETECTOR, key);
  expect(await readFile(first)).toEqual(await readFile(second));
  const signer = publicTextOf(key);
  expect(await readDetectorFile(first)).toEqual({ ...STORED_DETECTOR, signer });
  expect((await readdir(folder)).sort()).toEqual(["1.loupe", "2.loupe", "key"]);
});

test("whatever bit of a signed file is changed, it is refused", async () => {
  const path = join(folder, "changed.loupe");
  await writeDetectorFile(path, STORED_DETECTOR, await openSigningKey(join(folder, "key")));
  const whole = await readFile(path);
  for (let at = 0; at < whole.length; at += 3) {
    const changed = Buffer.from(whole);
    changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
    await writeFile(path, changed);
    await expect(readDetectorFile(path), `byte ${at}`).rejects.toThrow(/^Expected /);
  }
});

/** A file's tensors and metadata, changed and written anew with a checksum that fits. */
async function rewrite(
  path: string,
  change: (file: { header: string; metadata: Record<string, string> }) => Record<string, string>,
): Promise<void> {
  const file = await openSafetensors(path);
  const tensors: Record<string, Tensor> = {};
  for (const name of file.names) tensors[name] = await file.read(name);
  const header = file.metadata["loupe.detector"] ?? "";
  const metadata = change({ header, metadata: { ...file.metadata } });
  await file.close();
  await writeSafetensors(path, tensors, metadata);
}

test("a file that was rewritten with a fitting checksum is changed, or signed by nobody", async () => {
  const [path, donor] = [join(folder, "a.loupe"), join(folder, "b.loupe")];
  const key = await openSigningKey(join(folder, "key"));
  await writeDetectorFile(path, STORED_DETECTOR, key);
  const { header } = STORED_DETECTOR;
  const kinder = { ...STORED_DETECTOR, header: { ...header, scale: { min: 5, max: 9 } } };
  await writeDetectorFile(donor, kinder);
  const unsigned = await readDetectorFile(donor);
  expect(unsigned.signer).toBeNull();

  const file = await openSafetensors(path);
  const signature = file.metadata["loupe.signature"] ?? "";
  await file.close();
  await rewrite(donor, ({ metadata }) => ({ ...metadata, "loupe.signature": signature }));
  await expect(readDetectorFile(donor)).rejects.toThrow("was changed after it was signed");
  await rewrite(path, ({ metadata }) => ({ ...metadata, "loupe.more": "x" }));
  await expect(readDetectorFile(path)).rejects.toThrow("was altered: it has an entry loupe.more");
});

test("a signature that is none is a changed file", async () => {
  const path = join(folder, "odd.loupe");
  for (const text of ["", "ed25519", `ed25519 ${"A".repeat(43)} ${"A".repeat(86)}`]) {
    await writeDetectorFile(path, STORED_DETECTOR);
    await rewrite(path, ({ metadata }) => ({ ...metadata, "loupe.signature": text }));
    await expect(readDetectorFile(path)).rejects.toThrow("was changed after it was signed");
  }
});

test("a key is made once, for this account alone, by however many come for it", async () => {
  const path = join(folder, "home", "key");
  expect(await findSigningKey(path)).toBeNull();
  const keys = await Promise.all(Array.from({ length: 8 }, () => openSigningKey(path)));
  expect(new Set(keys.map(publicTextOf)).size).toBe(1);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(folder, "home"))).toEqual(["key"]);
  await writeFile(path, "no key");
  await chmod(path, 0o600);
  await expect(openSigningKey(path)).rejects.toThrow("Expected an Ed25519 private key");
});
