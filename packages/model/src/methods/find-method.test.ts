import { expect, test } from "vitest";

import { METHOD_NAMES, METHODS } from "../catalog/methods.ts";
import { createParameters } from "../nn/index.ts";
import { smallContext, smallMethod } from "../testing/small-methods.ts";

test.each(METHOD_NAMES)("%s is what its entry says", (name) => {
  const { kind, settings } = METHODS[name];
  const method = smallMethod(name);
  expect(method.kind).toBe(kind);
  expect(method.scoring).toBe(settings.parse({}).scoring);
});

/** Groups of gauges that a method's training tells. */
function watchedGroups(name: (typeof METHOD_NAMES)[number]): string[] {
  const method = smallMethod(name);
  if (method.kind !== "gradient") return [];
  const { watched = {} } = method.loss(createParameters(0), smallContext(4));
  return [...new Set(Object.keys(watched).map((gauge) => gauge.split("/")[0] ?? ""))];
}

test.each([
  ["cnc", ["experts"]],
  ["decad", ["solver", "spectral"]],
  ["bank", []],
] as const)("the words of %s are about gauges that it has", (name, groups) => {
  expect(Object.keys(METHODS[name].words.gauges)).toEqual(groups);
  expect(watchedGroups(name)).toEqual(expect.arrayContaining([...groups]));
});
