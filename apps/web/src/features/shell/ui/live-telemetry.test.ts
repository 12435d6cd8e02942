import {
  ImportId,
  InspectionId,
  ProjectId,
  type ImportView,
  type InspectionView,
  type ProjectTelemetry,
} from "@loupe/contracts";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";

import { LiveCacheWriter } from "../../../lib/live/live-cache.ts";
import { answeringTrpc } from "../../../testing/answering-trpc.ts";
import { foldDataEvents, foldImportTelemetry } from "../../data/index.ts";
import { foldInspectionEvents, foldInspectionTelemetry } from "../../inspect/index.ts";

const projectId = ProjectId.parse("018f0000-0000-7000-8000-000000000001");
const importId = ImportId.parse("018f0000-0000-7000-8000-000000000002");
const inspectionId = InspectionId.parse("018f0000-0000-7000-8000-000000000003");

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const files = (filesDone: number): ProjectTelemetry => ({
  projectId,
  body: { type: "import.files", importId, filesDone, filesTotal: 90 },
});
const images = (imagesDone: number): ProjectTelemetry => ({
  projectId,
  body: { type: "inspection.images", inspectionId, imagesDone, imagesTotal: 90 },
});

/** A browser that knows one import and one inspection, in these states. */
function aBrowser(importStatus: ImportView["status"], status: InspectionView["status"]) {
  const { client, trpc } = answeringTrpc();
  const folds = [
    foldDataEvents,
    foldImportTelemetry,
    foldInspectionEvents,
    foldInspectionTelemetry,
  ];
  const writer = new LiveCacheWriter(client, trpc, folds);
  onTestFinished(writer.start());
  const importsKey = trpc.data.imports.queryKey({ projectId });
  const inspectionsKey = trpc.inspections.list.queryKey({ projectId });
  client.setQueryData(importsKey, [
    { id: importId, status: importStatus, filesDone: 5, filesTotal: null } as ImportView,
  ]);
  client.setQueryData(inspectionsKey, [
    { id: inspectionId, status, imagesDone: 5, imagesTotal: 90 } as InspectionView,
  ]);
  return {
    writer,
    counts: () => [
      client.getQueryData(importsKey)?.[0]?.filesDone,
      client.getQueryData(inspectionsKey)?.[0]?.imagesDone,
    ],
    states: () => [
      client.getQueryData(importsKey)?.[0]?.status,
      client.getQueryData(inspectionsKey)?.[0]?.status,
    ],
    isStale: () =>
      [importsKey, inspectionsKey].map((key) => client.getQueryState(key)?.isInvalidated),
  };
}

test("counts rise, once, whatever comes twice or late", () => {
  const browser = aBrowser("running", "scoring");
  for (const count of [7, 9, 9, 8]) {
    browser.writer.follow(files(count));
    browser.writer.follow(images(count));
  }
  expect(browser.counts()).toEqual([9, 9]);
});

test("one that counts has begun, also when that was not heard", () => {
  const browser = aBrowser("uploaded", "queued");
  browser.writer.follow(files(6));
  browser.writer.follow(images(6));
  expect(browser.states()).toEqual(["running", "scoring"]);
});

test("what ended stays ended", () => {
  const browser = aBrowser("cancelled", "failed");
  browser.writer.follow(files(7));
  browser.writer.follow(images(7));
  expect(browser.counts()).toEqual([5, 5]);
  expect(browser.states()).toEqual(["cancelled", "failed"]);
});

test("a browser that comes back reads again what is under way, and nothing that has ended", () => {
  const busy = aBrowser("running", "scoring");
  busy.writer.catchUp(projectId);
  expect(busy.isStale()).toEqual([true, true]);
  const idle = aBrowser("succeeded", "succeeded");
  idle.writer.catchUp(projectId);
  expect(idle.isStale()).toEqual([false, false]);
});
