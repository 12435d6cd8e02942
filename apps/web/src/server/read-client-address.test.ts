import { expect, test } from "vitest";

import { readClientAddress } from "./read-client-address.ts";

const request = (forwarded?: string) => ({
  headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
  socket: { remoteAddress: "192.0.2.1" },
});

test("without proxies a client cannot choose its address", () => {
  expect(readClientAddress(request("198.51.100.7"), 0)).toBe("192.0.2.1");
});

test("behind one proxy only what that proxy wrote counts", () => {
  expect(readClientAddress(request("203.0.113.9, 198.51.100.7"), 1)).toBe("198.51.100.7");
  expect(readClientAddress(request(), 1)).toBe("192.0.2.1");
});
