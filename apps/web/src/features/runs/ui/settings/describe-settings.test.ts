import { type MethodEntry, METHODS, METHOD_NAMES } from "@loupe/model/catalog";
import { expect, test } from "vitest";
import { z } from "zod";

import { describeSettings, listFields } from "./describe-settings.ts";

test("every setting of every method is a field with a name and a sentence", () => {
  for (const method of METHOD_NAMES) {
    const entry: MethodEntry = METHODS[method];
    const fields = describeSettings(entry.settings);
    expect(fields.map((field) => field.path)).toEqual(Object.keys(entry.settings.shape));
    for (const field of listFields(fields)) {
      expect(field.help, `${method}: ${field.path}`).toMatch(/\.$/);
      expect(field.kind, `${method}: ${field.path}`).not.toBe("json");
    }
  }
});

test("bounds, steps, choices, switches and groups come through", () => {
  const schema = z.strictObject({
    width: z.int().min(64).max(1536).multipleOf(64).default(384).describe("Width."),
    learningRate: z.number().positive().max(0.1).default(1e-3).describe("Rate."),
    epochs: z.int().default(3).describe("Epochs."),
    side: z
      .union([z.literal(1), z.literal(3)])
      .default(3)
      .describe("Side."),
    blocks: z.literal(3).default(3).describe("Blocks."),
    gate: z.enum(["first", "last"]).default("first").describe("Gate."),
    isOn: z.boolean().default(true).describe("On."),
    layers: z
      .string()
      .regex(/^\d+,\d+$/)
      .default("1,2")
      .describe("Layers."),
    decad: z
      .strictObject({ delta: z.number().min(0).default(2.5).describe("Radius.") })
      .prefault({})
      .describe("Module."),
  });
  const [width, rate, epochs, side, blocks, gate, isOn, layers, decad] = describeSettings(schema);
  expect(width).toMatchObject({ kind: "number", isInteger: true, min: 64, max: 1536 });
  expect(width).toMatchObject({ multipleOf: 64, label: "Width", help: "Width." });
  expect(rate).toMatchObject({ label: "Learning rate", min: 0, isMinOpen: true, max: 0.1 });
  expect(rate).toMatchObject({ isMaxOpen: false, isInteger: false });
  expect(epochs).toMatchObject({ min: null, max: null });
  expect(side).toMatchObject({ kind: "choice", options: [1, 3] });
  expect(blocks).toMatchObject({ kind: "choice", options: [3] });
  expect(gate).toMatchObject({ kind: "choice", options: ["first", "last"] });
  expect(isOn).toMatchObject({ kind: "switch" });
  expect(layers).toMatchObject({ kind: "text", pattern: /^\d+,\d+$/u });
  expect(decad).toMatchObject({ kind: "group", fields: [{ path: "decad.delta", min: 0 }] });
});
