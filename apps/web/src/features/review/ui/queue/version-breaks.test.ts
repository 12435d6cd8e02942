import { ACTIVE_MODEL_RANK, type ModelVersionId } from "@loupe/contracts";
import { expect, test } from "vitest";

import { versionBreaks } from "./version-breaks.ts";

const row = (number: number, modelRank = number) => ({
  modelVersionId: `version-${number}` as ModelVersionId,
  modelRank,
});
const active = row(4, ACTIVE_MODEL_RANK);

test("the active version's cases go without saying", () => {
  expect(versionBreaks([])).toEqual(new Set());
  expect(versionBreaks([active, active])).toEqual(new Set());
});

test("each other version says where its cases begin, also at the top", () => {
  expect(versionBreaks([active, row(3), row(3), row(1)])).toEqual(new Set([1, 3]));
  expect(versionBreaks([row(3), row(1)])).toEqual(new Set([0, 1]));
});
