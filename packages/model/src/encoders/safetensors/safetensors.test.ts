import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { float32, fromFloat16, int64, tensor } from "../../tensor/index.ts";
import { openSafetensors } from "./open-safetensors.ts";
import { writeSafetensors } from "./write-safetensors.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "loupe-safetensors-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** A safetensors file from a header object and data bytes, well formed or not. */
async function fileOf(header: unknown, data: Uint8Array): Promise<string> {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setBigUint64(0, BigInt(json.length), true);
  const path = join(folder, "made.safetensors");
  await writeFile(path, Buffer.concat([prefix, json, data]));
  return path;
}

const TENSORS = {
  a: float32([2, 2], [1, 2, 3, 4]),
  "b/c": float32([], [-0.5]),
  count: int64([3], [1, -2, 2 ** 40]),
};

test("tensors and metadata come back; equal input gives equal bytes and no partial file", async () => {
  const [first, second] = [join(folder, "1"), join(folder, "2")];
  await writeSafetensors(first, TENSORS, { kind: "test" });
  await writeSafetensors(second, TENSORS, { kind: "test" });
  expect(await readFile(first)).toEqual(await readFile(second));
  expect((await readdir(folder)).sort()).toEqual(["1", "2"]);

  const file = await openSafetensors(first);
  expect(file.metadata).toEqual({ kind: "test" });
  expect(file.shape("a")).toEqual([2, 2]);
  for (const [name, tensor] of Object.entries(TENSORS)) {
    expect(await file.read(name)).toEqual(tensor);
  }
  await expect(file.read("missing")).rejects.toThrow("Expected a tensor missing");
  await file.close();
});

test("half precision widens exactly", async () => {
  const halves = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff, 0x0400, 0x8000);
  const floats = new Float32Array(6);
  fromFloat16(halves, floats);
  expect([...floats]).toEqual([1, -2, 2 ** -24, 65504, 2 ** -14, -0]);

  const data = new Uint8Array(halves.buffer);
  const path = await fileOf({ x: { dtype: "F16", shape: [6], data_offsets: [0, 12] } }, data);
  const file = await openSafetensors(path);
  expect(await file.read("x")).toEqual(tensor("float16", [6], halves));
  await file.close();
});

test.each([
  ["an empty file", new Uint8Array(0)],
  ["a picture", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13)],
  ["a header length beyond the file", Uint8Array.of(255, 0, 0, 0, 0, 0, 0, 0, 123, 125)],
])("%s is refused", async (_, bytes) => {
  const path = join(folder, "foreign");
  await writeFile(path, bytes);
  await expect(openSafetensors(path)).rejects.toThrow(`whole safetensors file at ${path}`);
});

test("a file cut short anywhere is refused", async () => {
  const path = join(folder, "cut");
  await writeSafetensors(path, TENSORS, {});
  const whole = await readFile(path);
  for (let length = 0; length < whole.length; length += 7) {
    await writeFile(path, whole.subarray(0, length));
    await expect(openSafetensors(path)).rejects.toThrow("Expected a whole safetensors file");
  }
});

test("tensors that overlap, leave the file or do not fill their shape are refused", async () => {
  const data = new Uint8Array(16);
  const entry = (shape: number[], start: number, end: number) => ({
    dtype: "F32",
    shape,
    data_offsets: [start, end],
  });
  const broken = [
    { a: entry([2], 0, 8), b: entry([2], 4, 12) },
    { a: entry([4], 0, 16), b: entry([4], 16, 32) },
    { a: entry([3], 0, 16) },
    { a: entry([-4], 0, 16) },
    { a: { ...entry([4], 0, 16), extra: 1 } },
  ];
  for (const header of broken) {
    await expect(openSafetensors(await fileOf(header, data))).rejects.toThrow("safetensors file");
  }
});

test("a type that we do not read says which one", async () => {
  const path = await fileOf(
    { x: { dtype: "BF16", shape: [2], data_offsets: [0, 4] } },
    new Uint8Array(4),
  );
  const file = await openSafetensors(path);
  await expect(file.read("x")).rejects.toThrow("got BF16");
  await file.close();
});

test("a missing file is named", async () => {
  await expect(openSafetensors(join(folder, "none"))).rejects.toThrow("cannot be opened");
});
