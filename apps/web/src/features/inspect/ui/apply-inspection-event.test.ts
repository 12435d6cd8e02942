import { InspectionId, type InspectionView } from "@loupe/contracts";
import { expect, test } from "vitest";

import { applyInspectionEvent } from "./apply-inspection-event.ts";

const id = InspectionId.parse("018f0000-0000-7000-8000-000000000003");
const scoring = { id, status: "scoring", imagesDone: 4, imagesTotal: 9 } as InspectionView;
const event = (imagesDone: number, status: InspectionView["status"] = "scoring") =>
  ({
    type: "inspection.status",
    inspectionId: id,
    status,
    imagesDone,
    imagesTotal: 9,
  }) as const;

test("counts up to the end, and never down", () => {
  expect(applyInspectionEvent(scoring, event(6)).imagesDone).toBe(6);
  expect(applyInspectionEvent(scoring, event(2)).imagesDone).toBe(4);
  expect(applyInspectionEvent(scoring, event(9, "succeeded")).status).toBe("succeeded");
});

test.each(["failed", "cancelled"] as const)("stays ended when it has %s", (status) => {
  const ended: InspectionView = { ...scoring, status };
  expect(applyInspectionEvent(ended, event(9, "scoring"))).toBe(ended);
});
