import { expect, test } from "vitest";

import { doorFinder } from "./find-door.ts";
import { listDoors } from "./list-doors.ts";

const find = doorFinder(listDoors({ isDevelopment: false }));

test.each([
  ["/", "/[[...all]]"],
  ["/projects/7/review?case=1", "/[[...all]]"],
  ["/_next/static/chunk.js", "/_next/[...all]"],
  ["/api/auth/sign-in/email", "/api/auth/[...all]"],
  ["/api/trpc/a.b,c.d?batch=1", "/api/trpc/[trpc]"],
  ["/api/projects/7/imports", "/api/projects/[projectId]/imports"],
  ["/api/runs/1/probes/2/3", "/api/runs/[runId]/probes/[imageId]/[step]"],
  ["/socket.io/?EIO=4", "/socket.io/[[...all]]"],
])("%s comes in through %s", (target, path) => {
  expect(find(target)?.path).toBe(path);
});

test.each([
  "/api",
  "/api/",
  "/api/nothing",
  "/api/projects/7/imports/more",
  "/api/trpc/a/b",
  "/api/auth",
  "*",
  "http://elsewhere.example/api/health",
  "",
])("nothing is behind %j", (target) => {
  expect(find(target)).toBeNull();
});

test("only the development server has its error overlay's door", () => {
  const target = "/__nextjs_original-stack-frames";
  expect(find(target)?.methods).toEqual(["GET"]);
  expect(doorFinder(listDoors({ isDevelopment: true }))(target)?.methods).toContain("POST");
});
