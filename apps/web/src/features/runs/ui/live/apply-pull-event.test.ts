import { EncoderPullId, type EncoderPullView } from "@loupe/contracts";
import { expect, test } from "vitest";

import { applyPullEvent } from "./apply-pull-event.ts";

const id = EncoderPullId.parse("018f0000-0000-7000-8000-000000000001");
const pull = { id, encoder: "tiny", status: "queued", bytesDone: 0, bytesTotal: 0 };
const pulls = [pull as EncoderPullView];
const event = {
  type: "encoder.pull",
  pullId: id,
  encoder: "tiny",
  status: "downloading",
  bytesDone: 50,
  bytesTotal: 100,
} as const;

test("moves the download, and never back", () => {
  const moved = applyPullEvent(pulls, event);
  expect(moved).toMatchObject([{ status: "downloading", bytesDone: 50, bytesTotal: 100 }]);
  expect(applyPullEvent(moved!, { ...event, bytesDone: 20 })).toEqual(moved);
});

test("asks again for an unknown download, and for the end of a known one", () => {
  expect(applyPullEvent([], event)).toBeNull();
  expect(applyPullEvent(pulls, { ...event, status: "failed" })).toBeNull();
});

test("progress that comes after the end changes nothing", () => {
  const ended = [{ ...pull, status: "succeeded" } as EncoderPullView];
  expect(applyPullEvent(ended, event)).toEqual(ended);
});
