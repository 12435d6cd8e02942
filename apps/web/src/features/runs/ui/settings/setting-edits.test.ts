import { METHODS } from "@loupe/model/catalog";
import { expect, test } from "vitest";

import { describeSettings } from "./describe-settings.ts";
import { listUsedSettings } from "./list-settings.ts";
import { readEdits } from "./setting-edits.ts";

const edited = {
  method: "rd",
  preset: "fast",
  fields: describeSettings(METHODS.rd.settings),
} as const;

test("reads what a person typed as the values of the settings", () => {
  const { settings, problems } = readEdits(edited, {
    width: "128",
    learningRate: "5e-4",
    loss: "map-cosine",
  });
  expect(problems).toEqual({});
  expect(settings).toEqual({ width: 128, learningRate: 5e-4, loss: "map-cosine" });
});

test.each([
  ["width", "100", "A whole number from 64 to 1536 in steps of 64."],
  ["width", "", "A whole number from 64 to 1536 in steps of 64."],
  ["dropout", "0.95", "A number from 0 to 0.9."],
  ["learningRate", "0", "A number above 0 up to 0.1."],
  ["learningRate", "fast", "A number above 0 up to 0.1."],
  ["loss", "l2", "One of token-cosine, map-cosine."],
])("refuses %s = %j and says what it takes", (path, text, sentence) => {
  expect(readEdits(edited, { [path]: text }).problems).toEqual({ [path]: sentence });
});

test("marks what a run did differently from its preset", () => {
  const settings = { ...METHODS.rd.settings.parse({}), noise: 1 };
  const listed = listUsedSettings({ method: "rd", preset: "fast", settings });
  expect(listed).toContainEqual({ path: "noise", label: "Noise", value: "1", presetValue: "0.3" });
  expect(listed.filter((setting) => setting.presetValue !== null)).toHaveLength(1);
  // A method of another version of Loupe: its settings are shown all the same.
  const [unknown] = listUsedSettings({ method: "gone", preset: "fast", settings: { depth: 2 } });
  expect(unknown).toMatchObject({ value: "2", presetValue: null });
});
