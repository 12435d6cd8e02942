import { expect, test } from "vitest";

import { sayUndo } from "./say-undo.ts";

const good = { fileName: "a.png", input: { value: "good", defectType: null } } as const;
const tooLate = { code: "UNDO_TOO_LATE", sentence: "Too late." } as const;

test("a verdict is not called taken back before it is", () => {
  expect(sayUndo(good, { kind: "asked" })).toBe("a.png: your verdict is being taken back.");
  expect(sayUndo(good, { kind: "waiting" })).toContain("will be taken back when the connection");
  expect(sayUndo(good, { kind: "done" })).toBe("a.png: your verdict is taken back.");
});

test("a refused undo says what stands: the verdict after its time, else what changed", () => {
  const scratch = { ...good, input: { value: "defective", defectType: "scratch" } } as const;
  const late = { ...tooLate, details: { ageMs: 15_000 } };
  expect(sayUndo(good, { kind: "refused", why: late })).toContain("It stands as good.");
  expect(sayUndo(scratch, { kind: "refused", why: late })).toContain("as defective (scratch).");
  const changed = sayUndo(good, {
    kind: "refused",
    why: { ...tooLate, details: { currentVersion: 3 } },
  });
  expect(changed).toContain("could not be taken back: the case has changed since.");
  expect(changed).not.toContain("stands");
  const other = { code: "FORBIDDEN", sentence: "You may not.", details: {} } as const;
  expect(sayUndo(good, { kind: "refused", why: other })).toMatch(/taken back: You may not\.$/);
});
