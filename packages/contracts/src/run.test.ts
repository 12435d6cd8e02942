import { expect, test } from "vitest";

import { canRunMove, FINAL_RUN_STATUSES, isFinalRunStatus, RUN_STATUSES } from "./run.ts";

test("a final status is one that leads nowhere", () => {
  const final = RUN_STATUSES.filter((status) =>
    RUN_STATUSES.every((next) => !canRunMove(status, next)),
  );
  expect(final).toEqual([...FINAL_RUN_STATUSES]);
  expect(RUN_STATUSES.filter(isFinalRunStatus)).toEqual(final);
});

test("every status can still come to an end, and every active one can be taken over", () => {
  for (const status of RUN_STATUSES.filter((each) => !isFinalRunStatus(each))) {
    expect(canRunMove(status, "failed")).toBe(true);
    expect(canRunMove(status, "cancelled")).toBe(true);
    expect(canRunMove(status, "caching_features")).toBe(true);
  }
});

test("only an evaluated run succeeds", () => {
  expect(RUN_STATUSES.filter((status) => canRunMove(status, "succeeded"))).toEqual(["evaluating"]);
});
