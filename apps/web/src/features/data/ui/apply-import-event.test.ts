import { ImportId, type ImportView } from "@loupe/contracts";
import { expect, test } from "vitest";

import { applyImportEvent } from "./apply-import-event.ts";

const id = ImportId.parse("018f0000-0000-7000-8000-000000000001");
const running: ImportView = {
  id,
  fileName: "parts.zip",
  sizeBytes: 10,
  status: "running",
  filesDone: 40,
  filesTotal: null,
  outcomes: {},
  error: null,
  createdBy: "Engineer",
  createdAt: new Date(0),
  finishedAt: null,
};
const progress = (filesDone: number, filesTotal: number | null = null) =>
  ({ type: "import.status", importId: id, status: "running", filesDone, filesTotal }) as const;

test("counts up and learns the total when the archive has been read", () => {
  expect(applyImportEvent(running, progress(55, 120))).toMatchObject({
    filesDone: 55,
    filesTotal: 120,
  });
});

test("does not count down when a second worker starts over", () => {
  expect(applyImportEvent(running, progress(3))).toBe(running);
});

test("leaves an import that has ended, and other imports, as they are", () => {
  const ended: ImportView = { ...running, status: "succeeded" };
  expect(applyImportEvent(ended, progress(90))).toBe(ended);
  const other = ImportId.parse("018f0000-0000-7000-8000-000000000002");
  expect(applyImportEvent(running, { ...progress(90), importId: other })).toBe(running);
});

test("does not go back to importing while it is being cancelled", () => {
  const cancelling: ImportView = { ...running, status: "cancelling" };
  expect(applyImportEvent(cancelling, progress(90))).toBe(cancelling);
  const cancelled = { ...progress(0), status: "cancelled" } as const;
  expect(applyImportEvent(cancelling, cancelled).status).toBe("cancelled");
  expect(applyImportEvent({ ...running, status: "cancelled" }, progress(90)).status).toBe(
    "cancelled",
  );
});
