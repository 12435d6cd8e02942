import fc from "fast-check";
import { expect, test } from "vitest";

import { METHOD_NAMES, METHODS } from "../catalog/methods.ts";
import { STORED_DETECTOR } from "../testing/stored-detector.ts";
import { type DetectorHeader, parseDetectorHeader } from "./detector-header.ts";

type Path = readonly (string | number)[];

/** Scores have any size: nothing is made as large as they are. */
const SCORES = ["min", "max", "mean", "deviation", "base", "spread", "loss"];

const FULL: DetectorHeader = {
  ...STORED_DETECTOR.header,
  encoder: {
    ...STORED_DETECTOR.header.encoder,
    text: { width: 8 },
    transformer: { width: 8, depth: 4, hidden: 16, patch: 4, extraTokens: 1, jointWidth: 8 },
  },
};

function numbersOf(value: unknown, path: Path = []): Path[] {
  if (typeof value === "number") return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => numbersOf(inner, [...path, key]));
}

/** A copy with one value replaced. */
function changed<T>(tree: T, path: Path, value: unknown): T {
  const copy = structuredClone(tree);
  let at = copy as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  at[path.at(-1) ?? ""] = value;
  return copy;
}

function parse(header: unknown): DetectorHeader {
  return parseDetectorHeader(JSON.stringify(header), "a.loupe");
}

const SIZES = numbersOf(FULL)
  .filter(([first]) => first !== "version")
  .filter((path) => !SCORES.includes(String(path.at(-1))));
const HUGE = fc.oneof(
  fc.double({ min: 1e13, max: 1e300, noNaN: true }),
  fc.constantFrom(1e13, Number.MAX_VALUE, 2 ** 53),
);

test("every number that something is made from has a bound", () => {
  expect(() => parse(FULL)).not.toThrow();
  expect(SIZES.length).toBeGreaterThan(25);
  fc.assert(
    fc.property(fc.constantFrom(...SIZES), HUGE, (path, value) => {
      // A seed is only ever mixed: any that counts exactly will do.
      fc.pre(path.at(-1) !== "seed" || !Number.isSafeInteger(value));
      expect(() => parse(changed(FULL, path, value)), path.join(".")).toThrow(
        /^Expected a detector file, but the header of a\.loupe has another form/,
      );
    }),
  );
});

test.each(METHOD_NAMES)("every number among the settings of %s has a bound", (method) => {
  const settings = METHODS[method].settings.parse({}) as Record<string, unknown>;
  const paths = numbersOf(settings);
  expect(paths.length).toBeGreaterThan(3);
  for (const path of paths) {
    for (const value of [1e7, 1e12, 1e300, -1e9]) {
      const header = { ...FULL, method, settings: changed(settings, path, value) };
      expect(() => parse(header), `${path.join(".")} = ${value}`).toThrow(/settings\./);
    }
  }
});

test.each([
  ["a grid of a million", ["encoder", "gridSize"], 1e6],
  ["a grid beyond every encoder's", ["encoder", "gridSize"], 513],
  ["an endless list of categories", ["categories"], Array<string>(10_001).fill("a")],
  ["an endless name", ["categories"], ["a".repeat(1_001)]],
  ["an endless note", ["note"], "a".repeat(2_001)],
  ["more layers than three", ["encoder", "layers"], Array(4).fill(FULL.encoder.layers[0])],
  [
    "an endless number of settings",
    ["settings"],
    Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`s${i}`, 1])),
  ],
] as const)("%s is refused with a sentence", (_, path, value) => {
  expect(() => parse(changed(FULL, path, value))).toThrow(
    /^Expected a detector file, but the header of a\.loupe has another form/,
  );
});

test.each([
  "../../etc",
  "..",
  ".",
  "a/b",
  "/etc/passwd",
  "a\\b",
  "C:\\models",
  "~/x",
  "",
  " x",
  "-x",
  "a\0b",
  "a\nb",
  "a\u001b[31mb",
  "a\u202eb",
  "file:x",
  "%2e%2e%2f",
  "x".repeat(201),
])("an encoder called %j is refused", (name) => {
  expect(() => parse(changed(FULL, ["encoder", "name"], name))).toThrow(/encoder\.name/);
});

test.each(["loupe", "dinov2-small", "ViT B_16 (2).v1", "мой-кодер", "_own"])(
  "an encoder called %j is taken",
  (name) => {
    expect(parse(changed(FULL, ["encoder", "name"], name)).encoder.name).toBe(name);
  },
);

test("a folder that a file names is not read", () => {
  for (const path of ["/etc", "../x", 5, null, { a: 1 }]) {
    expect(parse(changed(FULL, ["encoder", "path"], path)).encoder.path).toBeNull();
  }
});
