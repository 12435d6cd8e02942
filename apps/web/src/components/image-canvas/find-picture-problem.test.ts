import { expect, test } from "vitest";

import { findPictureProblem, PICTURE_PROBLEMS } from "./find-picture-problem.ts";

test.each([
  [404, "missing"],
  [410, "missing"],
  [422, "damaged"],
  [500, "unreachable"],
  [503, "unreachable"],
  [429, "unreachable"],
  [401, "unreachable"],
  [200, "undecodable"],
] as const)("a file that is answered with %i is %s", async (status, problem) => {
  const answer = () => Promise.resolve(new Response("{}", { status }));
  expect(await findPictureProblem("/api/images/1/original", answer)).toBe(problem);
});

test("a server that does not answer is unreachable", async () => {
  const silent = () => Promise.reject(new TypeError("Failed to fetch"));
  expect(await findPictureProblem("/api/images/1/original", silent)).toBe("unreachable");
});

test("only a file that came is said to be one that this browser cannot show", () => {
  expect(PICTURE_PROBLEMS.undecodable).toContain("This browser cannot show the file");
  expect(PICTURE_PROBLEMS.missing).toContain("missing on the server");
  expect(PICTURE_PROBLEMS.missing + PICTURE_PROBLEMS.unreachable).not.toContain("browser");
});
