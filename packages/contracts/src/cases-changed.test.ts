import { expect, test } from "vitest";

import { casesChanged } from "./cases-changed.ts";
import { NOTIFY_LIMIT_BYTES, ProjectEventBody } from "./events.ts";
import { CaseId } from "./ids.ts";
import { NAMED_CASES } from "./review.ts";

const ids = (count: number) =>
  Array.from({ length: count }, (_, n) =>
    CaseId.parse(`018f0000-0000-7000-8000-${String(n).padStart(12, "0")}`),
  );

test("names the cases, each once", () => {
  const [first, second] = ids(2);
  expect(casesChanged([first!, second!, first!], [])).toEqual({
    type: "cases.changed",
    count: 2,
    caseIds: [first, second],
    counts: [],
  });
});

test("names as many as it may, which a notification holds, and none of more", () => {
  const most = casesChanged(ids(NAMED_CASES), []);
  expect(ProjectEventBody.parse(most)).toEqual(most);
  expect(JSON.stringify(most).length).toBeLessThan(NOTIFY_LIMIT_BYTES / 1.5);
  const more = casesChanged(ids(NAMED_CASES + 1), []);
  expect(more).toEqual({ type: "cases.changed", count: NAMED_CASES + 1, counts: [] });
});
