import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, expect, test } from "vitest";

import { writeDataset } from "../../test/write-dataset.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
const TSX = createRequire(import.meta.url).resolve("tsx");
const ENCODER = fileURLToPath(new URL("../../test/fixtures/vit", import.meta.url));
const SMALL = ["--settings", '{"width":64,"learningRate":0.003}'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "loupe-cli-"));
  await writeDataset(join(folder, "data"), { train: 6, good: 3, defective: 3 });
});
afterAll(() => rm(folder, { recursive: true }));

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ["--import", TSX, MAIN, ...args], {
    cwd: folder,
    env: { PATH: process.env["PATH"], LOUPE_HOME: join(folder, "home") },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

type Outcome = { code: number | null; stdout: string; stderr: string };

async function finish(child: ChildProcess): Promise<Outcome> {
  const text = { stdout: "", stderr: "" };
  child.stdout?.on("data", (chunk: Buffer) => (text.stdout += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (text.stderr += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...text };
}

const loupe = (...args: string[]): Promise<Outcome> => finish(start(args));

/** Press Ctrl-C when something is said, and never again: a second time ends it at once. */
function interruptOnce(child: ChildProcess, words: string): void {
  let said = "";
  const hear = (chunk: Buffer): void => {
    said += chunk.toString();
    if (!said.includes(words)) return;
    child.stderr?.off("data", hear);
    child.kill("SIGINT");
  };
  child.stderr?.on("data", hear);
}

function lastLine(stdout: string): unknown {
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
}

test("train, eval and score give the promised JSON and files", async () => {
  const trained = await loupe(
    ...["train", "--data", "data", "--out", "a.loupe", "--encoder", ENCODER],
    ...["--steps", "30", "--batch", "2", "--seed", "3", "--json", ...SMALL],
  );
  expect(trained).toMatchObject({ code: 0 });
  expect(lastLine(trained.stdout)).toEqual({
    method: "rd",
    encoder: "vit",
    steps: 30,
    seconds: expect.any(Number) as number,
    loss: expect.any(Number) as number,
    trainImages: 6,
    categories: ["data"],
  });
  expect(trained.stderr).toMatch(/step 30\/30 · loss \d/);
  expect(await readdir(folder)).not.toContain("a.checkpoint");

  const evaluated = await loupe(
    ...["eval", "--model", "a.loupe", "--data", "data", "--encoder", ENCODER, "--json"],
  );
  expect(evaluated.stderr).toContain("Model signed by this installation.");
  expect(lastLine(evaluated.stdout)).toEqual({
    categories: {
      data: {
        iAuroc: expect.any(Number) as number,
        pAuroc: expect.any(Number) as number,
        images: 6,
      },
    },
    mean: { iAuroc: expect.any(Number) as number, pAuroc: expect.any(Number) as number },
    secondsPerImage: expect.any(Number) as number,
    signature: { by: "here" },
  });

  const good = join("data", "test", "good", "000.png");
  const disc = join("data", "test", "disc", "000.png");
  const scored = await loupe(
    ...["score", "--model", "a.loupe", "--encoder", ENCODER, "--out", "maps", "--json", good, disc],
  );
  const { images } = lastLine(scored.stdout) as {
    images: { file: string; score: number; standardScore: number; map: string }[];
  };
  expect(images.map((image) => image.file)).toEqual([good, disc]);
  expect(images[1]!.score).toBeGreaterThan(images[0]!.score);
  expect(images[1]!.standardScore).toBeGreaterThan(images[0]!.standardScore);
  expect((await readdir(join(folder, "maps"))).sort()).toEqual([
    "000-2.overlay.png",
    "000.overlay.png",
  ]);
  expect((await stat(images[1]!.map)).size).toBeGreaterThan(100);
});

test("a bank is trained like any method, one for each category", async () => {
  const bank = ["--method", "bank", "--encoder", ENCODER, "--json"];
  const trained = await loupe(
    ...["train", "--data", "data", "--out", "banks", "--one-class", ...bank],
    ...["--preset", "paper", "--set", "share=1", "--set", "reweighting=0", "--steps", "3"],
  );
  expect(trained).toMatchObject({ code: 0 });
  const { models } = lastLine(trained.stdout) as { models: Record<string, unknown>[] };
  expect(models).toEqual([
    {
      ...{ method: "bank", encoder: "vit", steps: 3, trainImages: 6, categories: ["data"] },
      seconds: expect.any(Number) as number,
      loss: expect.any(Number) as number,
      file: join(folder, "banks", "data.loupe"),
    },
  ]);
  const model = join("banks", "data.loupe");
  const evaluated = await loupe(
    ...["eval", "--model", model, "--data", "data", "--encoder", ENCODER, "--cached", "--json"],
  );
  const { mean } = lastLine(evaluated.stdout) as { mean: { iAuroc: number } };
  expect(mean.iAuroc).toBeGreaterThan(0.9);
});

test("probe prints both areas and nothing else", async () => {
  const { code, stdout } = await loupe("probe", "--data", "data", "--encoder", ENCODER, "--json");
  expect(code).toBe(0);
  const value = expect.closeTo(1, 0) as number;
  expect(JSON.parse(stdout)).toEqual({ iAuroc: value, pAuroc: value });
});

test("ablate shows its rows in one table", async () => {
  const { code, stdout } = await loupe(
    ...["ablate", "--data", "data", "--encoder", ENCODER, "--out", "rows.jsonl", "--rows", "bank"],
    ...["--seeds", "0", "--steps", "1", "--set", "share=1", "--every", "3"],
  );
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Methods with their default settings, with vit: percent/);
  expect(stdout).toMatch(/\nbank +Patch memory bank +\d+\.\d +\+0\.0 /);
});

test("an interrupted training keeps its checkpoint, says how to go on, and goes on", async () => {
  const args = [
    ...["train", "--data", "data", "--out", "b.loupe", "--encoder", ENCODER],
    ...["--steps", "4000", "--batch", "2", "--json", ...SMALL],
  ];
  const child = start(args);
  const outcome = finish(child);
  interruptOnce(child, "step ");
  const stopped = await outcome;
  expect(stopped.code).toBe(130);
  expect(stopped.stderr).toMatch(/Stopped after step \d+ of 4000\. .*run the same command again/);
  expect(await readdir(join(folder, "b.checkpoint"))).toEqual(["checkpoint.safetensors"]);

  const again = start(args);
  const resumed = finish(again);
  interruptOnce(again, "resumed");
  expect((await resumed).stderr).toMatch(/resumed from the checkpoint of step \d+/);
});

test.each([
  [["train", "--data", "data"], "Expected --out FILE"],
  [["train", "--out", "x", "--data", "data", "--steps", "0"], "at least 1 for --steps, got"],
  [["train", "--out", "x", "--data", "data", "--provider", "tpu"], "cpu, webgpu, cuda"],
  [["train", "--out", "x", "--data", "data", "--method", "nope"], "--method to be one of rd"],
  [["train", "--out", "x", "--data", "data", "--settings", '{"widht":64}'], "widht"],
  [["eval", "--modle", "x"], "--modle"],
  [["score", "--model", "x"], "Expected at least one IMAGE"],
  [["polish"], "Expected one of the commands"],
])("a bad argument exits 2 with one sentence: %s", async (args, sentence) => {
  const { code, stdout, stderr } = await loupe(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(sentence);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
});

test("what a terminal would obey is shown, not sent", async () => {
  const name = "bad\u001b[2Jname\u202e.loupe";
  const { code, stderr } = await loupe("eval", "--model", name, "--data", "data");
  expect(code).toBe(1);
  expect(stderr).toContain("bad\\x1b[2Jname\\u202e.loupe");
  expect(stderr).not.toContain("\u001b");
});

test("what goes wrong otherwise exits 1 with what was expected", async () => {
  const { code, stderr } = await loupe("eval", "--model", "none.loupe", "--data", "data");
  expect(code).toBe(1);
  expect(stderr).toContain("Expected a file at");
});
