import { appendFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, expect, test } from "vitest";

import { writeDataset } from "../../test/write-dataset.ts";
import type { AblationRow } from "../catalog/ablation.ts";
import { type CategoryImages, scanDataset } from "../data/scan-dataset.ts";
import type { AblationResult } from "./ablation-record.ts";
import { type AblationEvent, type AblationOptions, runAblation } from "./run-ablation.ts";

const ENCODER = fileURLToPath(new URL("../../test/fixtures/vit", import.meta.url));

const ROWS: AblationRow[] = [
  { name: "all", title: "all", method: "rd", settings: { width: 64 }, paper: null },
  {
    name: "each",
    title: "each",
    method: "bank",
    settings: { share: 1 },
    oneClass: true,
    paper: null,
  },
];

let folder: string;
let categories: CategoryImages[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "loupe-ablate-"));
  await writeDataset(join(folder, "data", "left"), { train: 3, good: 4, defective: 4 });
  await writeDataset(join(folder, "data", "right"), { train: 2, good: 4, defective: 4 });
  categories = await scanDataset(join(folder, "data"));
});
afterAll(() => rm(folder, { recursive: true }));

type Outcome = { results: AblationResult[]; events: AblationEvent[] };

async function ablate(over: Partial<AblationOptions> = {}): Promise<Outcome> {
  const options: AblationOptions = {
    rows: ROWS,
    categories,
    encoder: ENCODER,
    preset: "fast",
    steps: 3,
    batch: 2,
    seeds: [0],
    set: {},
    every: 2,
    provider: "cpu",
    cacheDir: join(folder, "cache"),
    outFile: join(folder, "rows.jsonl"),
    signal: new AbortController().signal,
    ...over,
  };
  const running = runAblation(options);
  const events: AblationEvent[] = [];
  for (;;) {
    const next = await running.next();
    if (next.done === true) return { results: next.value, events };
    events.push(next.value);
  }
}

function trained({ events }: Outcome): string[] {
  return [...new Set(events.filter(({ type }) => type === "training").map(({ row }) => row))];
}

test("rows are trained once, found again, and trained anew where something differs", async () => {
  const first = await ablate();
  expect(trained(first)).toEqual(["all", "each"]);
  expect(first.results.map(({ row }) => row)).toEqual(["all", "each"]);
  for (const { categories: measured } of first.results) {
    expect(Object.keys(measured)).toEqual(["left", "right"]);
    expect(measured["left"]!["iAuroc"]).toBeGreaterThanOrEqual(0);
  }
  const parts = first.events.flatMap((event) => (event.type === "training" ? event.category : []));
  expect(new Set(parts)).toEqual(new Set([null, "left", "right"]));
  // Every second of 4 good and 4 defective pictures, in each of two categories.
  const totals = first.events.flatMap((event) => (event.type === "evaluating" ? event.total : []));
  expect(Math.max(...totals)).toBe(8);

  // A line that was cut off while it was written hides none of those before it.
  await appendFile(join(folder, "rows.jsonl"), '{"key":"cut');
  expect(trained(await ablate())).toEqual([]);
  const more = await ablate({ rows: ROWS.slice(0, 1), seeds: [1, 0] });
  expect(new Set(more.events.map(({ seed, type }) => type === "training" && seed))).toEqual(
    new Set([1, false]),
  );
  expect(more.results[1]).toEqual(first.results[0]);
  const other = await ablate({ rows: ROWS.slice(0, 1), set: { noise: "0.1" } });
  expect(trained(other)).toEqual(["all"]);
  expect((await readFile(join(folder, "rows.jsonl"), "utf8")).trimEnd().split("\n")).toHaveLength(
    5,
  );
  expect(await readdir(join(folder, "rows.work"))).toEqual([]);
});

test("a setting that one of the rows does not have is refused before anything is trained", async () => {
  const outcome = ablate({ set: { dropout: "0.2" }, outFile: join(folder, "none.jsonl") });
  await expect(outcome).rejects.toThrow(/method bank has no setting dropout/);
});
