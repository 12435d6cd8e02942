import { FreezeId, type FreezeView } from "@loupe/contracts";
import { expect, test } from "vitest";

import { applyFreezeEvent } from "./apply-freeze-event.ts";

const id = FreezeId.parse("018f0000-0000-7000-8000-000000000001");
const freezing: FreezeView = {
  id,
  name: null,
  status: "freezing",
  imagesDone: 5_000,
  imagesTotal: 20_000,
  version: null,
  error: null,
  createdBy: "Engineer",
  createdAt: new Date(0),
  finishedAt: null,
};
const event = (imagesDone: number, status: FreezeView["status"] = "freezing") =>
  ({ type: "dataset.freeze", freezeId: id, status, imagesDone, imagesTotal: 20_000 }) as const;

test("counts on, also from the beginning when a second worker starts over", () => {
  expect(applyFreezeEvent(freezing, event(10_000)).imagesDone).toBe(10_000);
  expect(applyFreezeEvent(freezing, event(0)).imagesDone).toBe(0);
});

test("never waits again, stays ended, and leaves others alone", () => {
  expect(applyFreezeEvent(freezing, event(0, "queued"))).toBe(freezing);
  const ended: FreezeView = { ...freezing, status: "succeeded" };
  expect(applyFreezeEvent(ended, event(20_000))).toBe(ended);
  const freezeId = FreezeId.parse("018f0000-0000-7000-8000-000000000002");
  expect(applyFreezeEvent(freezing, { ...event(1), freezeId })).toBe(freezing);
});
