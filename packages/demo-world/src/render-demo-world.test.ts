import { mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { scanDataset } from "@loupe/model";
import sharp from "sharp";
import { afterEach, beforeEach, expect, test } from "vitest";

import { type DemoWorldOptions, renderDemoWorld } from "./render-demo-world.ts";

const small = {
  seed: 3,
  products: ["gasket"],
  counts: { train: 2, good: 1, defective: 6 },
  size: 128,
} satisfies Partial<DemoWorldOptions>;

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "loupe-demo-"));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function render(name: string, options: Partial<DemoWorldOptions> = {}): Promise<string> {
  const dir = join(root, name);
  const signal = new AbortController().signal;
  for await (const event of renderDemoWorld({ ...small, dir, signal, ...options })) {
    expect(event.done).toBeLessThanOrEqual(event.total);
  }
  return dir;
}

async function filesOf(dir: string): Promise<Map<string, string>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((e) => join(e.parentPath, e.name));
  const contents = await Promise.all(files.sort().map((file) => readFile(file, "base64")));
  return new Map(files.map((file, k) => [file.slice(dir.length), contents[k] ?? ""]));
}

test("writes MVTec layout that the data scanner reads, with a mask for every defect", async () => {
  const [gasket] = await scanDataset(await render("world"));

  expect(gasket?.name).toBe("gasket");
  expect(gasket?.train).toHaveLength(2);
  const labels = gasket?.test.map(({ label, maskPath }) => `${label} ${maskPath !== null}`);
  expect(labels?.filter((label) => label === "good false")).toHaveLength(1);
  expect(labels?.filter((label) => label === "defective true")).toHaveLength(6);
  const metadata = await sharp(gasket?.test[0]?.path ?? "").metadata();
  expect([metadata.format, metadata.width, metadata.height]).toEqual(["jpeg", 128, 128]);
});

test("the same seed gives the same bytes, whichever thread renders", async () => {
  const here = await filesOf(await render("here", { threads: 0 }));
  const there = await filesOf(await render("there", { threads: 2 }));
  const other = await filesOf(await render("other", { seed: 4 }));

  expect(there).toEqual(here);
  expect([...other.keys()]).toEqual([...here.keys()]);
  for (const [file, bytes] of here) expect(other.get(file)).not.toBe(bytes);
});

test("refuses to mix with other files, and repeats over its own", async () => {
  const dir = await render("world");
  await render("world");
  await writeFile(join(dir, "gasket", "train", "good", "holiday.jpg"), "");

  await expect(render("world")).rejects.toThrow(/gasket.*holiday\.jpg.*another folder/);
});

test("a resumed rendering renders only what is missing, also after a death in the middle of a file", async () => {
  const dir = await render("world");
  const whole = await filesOf(dir);
  const [first, second] = ["000.jpg", "001.jpg"].map((name) =>
    join(dir, "gasket/train/good", name),
  );
  await writeFile(first!, "kept as it is");
  await rename(second!, `${second}.part`);
  await render("world", { isResumed: true });

  const resumed = await filesOf(dir);
  expect([...resumed.keys()]).toEqual([...whole.keys()]);
  const changed = [...whole].filter(([file, bytes]) => resumed.get(file) !== bytes);
  expect(changed.map(([file]) => file)).toEqual(["/gasket/train/good/000.jpg"]);
});

test("stops when told to, before the rest is rendered", async () => {
  const controller = new AbortController();
  const dir = join(root, "stopped");
  const world = renderDemoWorld({ ...small, dir, signal: controller.signal });
  await world.next();
  controller.abort();

  await expect(world.next()).rejects.toThrow(/abort/);
  expect((await filesOf(dir)).size).toBeLessThan(3);
});

test.each([
  [{ size: 40 }, /size of 96 to 1024/],
  [{ counts: { train: 1.5, good: 0, defective: 0 } }, /whole number of train images, got 1.5/],
  [{ products: ["teapot"] }, /bottle_cap.*got "teapot"/],
])("refuses %j", async (options, message) => {
  await expect(render("refused", options)).rejects.toThrow(message);
});
