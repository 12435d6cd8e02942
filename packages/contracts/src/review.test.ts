import { expect, test } from "vitest";

import { GiveVerdictInput, stateAfterVerdict, VerdictValue } from "./review.ts";

const verdict = {
  projectId: "0198a1b2-0000-7000-8000-000000000001",
  caseId: "0198a1b2-0000-7000-8000-000000000002",
  seenVersion: 0,
  idempotencyKey: "0198a1b2-0000-4000-8000-000000000003",
};

test("only a defective verdict must name a defect type", () => {
  expect(GiveVerdictInput.safeParse({ ...verdict, value: "good" }).success).toBe(true);
  const nameless = GiveVerdictInput.safeParse({ ...verdict, value: "defective" });
  expect(nameless.error?.issues[0]?.message).toBe("A defective verdict names a defect type");
  const named = GiveVerdictInput.parse({ ...verdict, value: "defective", defectType: " scratch " });
  expect(named.defectType).toBe("scratch");
});

test("refuses defect types that could be markup or a path out of a folder", () => {
  for (const defectType of ["<b>", "../etc", "", "x".repeat(61)]) {
    const parsed = GiveVerdictInput.safeParse({ ...verdict, value: "defective", defectType });
    expect(parsed.success).toBe(false);
  }
});

test("unsure passes a case on, everything else decides it", () => {
  expect(VerdictValue.options.map(stateAfterVerdict)).toEqual(["decided", "decided", "in_review"]);
});

test("a reason to overturn is a word at least, and pages from before it existed are understood", () => {
  const good = { ...verdict, value: "good" };
  expect(GiveVerdictInput.parse(good).overturnReason).toBeNull();
  expect(GiveVerdictInput.safeParse({ ...good, overturnReason: " a " }).success).toBe(false);
  expect(GiveVerdictInput.parse({ ...good, overturnReason: " dust " }).overturnReason).toBe("dust");
});
