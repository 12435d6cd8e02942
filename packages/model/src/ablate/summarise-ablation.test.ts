import { expect, test } from "vitest";

import type { AblationRow } from "../catalog/ablation.ts";
import { ABLATION_TABLES } from "../catalog/ablation-tables.ts";
import { METHOD_NAMES } from "../catalog/methods.ts";
import { parseSettings } from "../catalog/parse-settings.ts";
import type { AblationResult, Metrics } from "./ablation-record.ts";
import { summariseAblation } from "./summarise-ablation.ts";

const rows: AblationRow[] = ["i", "ii"].map((name) => ({
  name,
  title: name,
  method: "rd",
  settings: {},
  paper: name === "ii" ? { iAuroc: 0.96 } : null,
}));

function result(row: string, seed: number, categories: Record<string, Metrics>): AblationResult {
  return { key: row, row, seed, method: "rd", steps: 1, batch: 1, seconds: 2, categories };
}

test("a row is the mean over categories, spread over seeds, and held to the first row", () => {
  const [first, second] = summariseAblation(rows, [
    result("i", 0, { a: { iAuroc: 0.8, pAuroc: 0.9 }, b: { iAuroc: 0.6, pAuroc: null } }),
    result("i", 1, { a: { iAuroc: 0.9, pAuroc: 0.7 }, b: { iAuroc: 0.7, pAuroc: null } }),
    result("ii", 0, { a: { iAuroc: 1, pAuroc: 0.9 }, b: { iAuroc: 0.8, pAuroc: null } }),
  ]);
  expect(first!.mean["iAuroc"]!.mean).toBeCloseTo(0.75, 9);
  expect(first!.mean["iAuroc"]!.deviation).toBeCloseTo(0.1 / Math.SQRT2, 9);
  expect(first!.mean["pAuroc"]!.mean).toBeCloseTo(0.8, 9);
  expect(first!.categories["b"]!["iAuroc"]!.mean).toBeCloseTo(0.65, 9);
  expect(first!.categories["b"]!["pAuroc"]).toBeUndefined();
  expect(second!.mean["iAuroc"]).toEqual({ mean: 0.9, deviation: null });
  expect(second!.difference["iAuroc"]).toBeCloseTo(0.15, 9);
  expect(second!.paper).toEqual({ iAuroc: 0.96 });
});

test("every table's rows are named apart, and their settings are their methods'", () => {
  for (const table of Object.values(ABLATION_TABLES)) {
    const names = table.rows.map((row) => row.name);
    expect(new Set(names).size, table.name).toBe(names.length);
    for (const { name, method, settings } of table.rows) {
      expect(name).toMatch(/^[^\s,]+$/);
      expect(() => parseSettings(method, { settings })).not.toThrow();
    }
  }
  expect(ABLATION_TABLES["methods"]!.rows.map((row) => row.method)).toEqual(METHOD_NAMES);
});
