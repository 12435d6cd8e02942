import { expect, test } from "vitest";

import { METHOD_NAMES, METHODS } from "./methods.ts";
import type { MethodEntry } from "./method-entry.ts";
import { parseSettings, presetRun, SettingsError, settingNames } from "./parse-settings.ts";

test("typed values win over settings, settings over the preset, the preset over defaults", () => {
  const parsed = parseSettings("rd", {
    preset: "paper",
    settings: { noise: 0.5, dropout: 0.2 },
    set: { noise: "0.7", loss: "token-cosine" },
  });

  expect(parsed).toMatchObject({
    width: 768,
    noise: 0.7,
    dropout: 0.2,
    loss: "token-cosine",
    clipNorm: 1,
  });
});

test("an unknown name is refused by name, with the names that there are", () => {
  const parse = (): unknown => parseSettings("rd", { set: { niose: "0.3" } });

  expect(parse).toThrow(SettingsError);
  expect(parse).toThrow(/has no setting niose\. It has width, .*noise/);
});

test("a value out of range is refused by name, with what came", () => {
  expect(() => parseSettings("rd", { set: { dropout: "1.5" } })).toThrow(
    /Setting dropout of rd: .*<=0\.9.*\(got 1\.5\)/,
  );
  expect(() => parseSettings("rd", { settings: { loss: "square" } })).toThrow(/Setting loss of rd/);
});

test("every preset of every method is valid, and its run has a length", () => {
  for (const name of METHOD_NAMES) {
    const entry: MethodEntry = METHODS[name];
    for (const preset of ["fast", "paper"] as const) {
      expect(settingNames(entry.settings)).not.toEqual([]);
      expect(Object.keys(parseSettings(name, { preset })), name).toEqual(
        Object.keys(entry.settings.shape),
      );
      const { steps, batch } = presetRun(name, preset, 100);
      expect(Math.min(steps, batch), name).toBeGreaterThan(0);
    }
  }
});

test("epochs become steps without the last batch that is not full", () => {
  expect(presetRun("rd", "paper", 3629)).toEqual({ steps: 250 * 453, batch: 8 });
});
