import { expect, test } from "vitest";

import { readPageAddress } from "./page-address.ts";

test.each([
  ["/projects/7/review?case=3&state=all", "/projects/7/review?case=3&state=all"],
  ["/projects/7/review?case=3&_rsc=1x2y", "/projects/7/review?case=3"],
  ["/projects?_rsc=1x2y", "/projects"],
  [
    "/projects/7/review?category=worn%20edge&q=a?b",
    "/projects/7/review?category=worn%20edge&q=a?b",
  ],
  ["/", "/"],
])("%s is the page %s", (url, address) => {
  expect(readPageAddress({ url })).toBe(address);
});
