import { isAppError } from "@loupe/contracts";
import { expect, test } from "vitest";

import { listTrustedOrigins } from "./list-trusted-origins.ts";
import { isHandshakeFromOurPage } from "./realtime/is-handshake-from-our-page.ts";
import { requireSameOrigin } from "./require-same-origin.ts";

const localhost = listTrustedOrigins("http://localhost:3000", []);
const company = listTrustedOrigins("https://loupe.example/", ["https://loupe.plant-2.example"]);

function isChangeAccepted(origins: ReadonlySet<string>, origin?: string): boolean {
  try {
    requireSameOrigin(new Headers(origin === undefined ? {} : { origin }), origins);
    return true;
  } catch (error) {
    if (isAppError(error) && error.code === "FORBIDDEN") return false;
    throw error;
  }
}

test("one machine's loopback names are one site, its other ports are not", () => {
  expect(isChangeAccepted(localhost, "http://127.0.0.1:3000")).toBe(true);
  expect(isChangeAccepted(localhost, "http://[::1]:3000")).toBe(true);
  expect(isChangeAccepted(localhost, "http://localhost:3001")).toBe(false);
  expect(isChangeAccepted(localhost, "https://localhost:3000")).toBe(false);
});

test("a change comes from a page of ours, or it is refused", () => {
  expect(isChangeAccepted(company, "https://loupe.example")).toBe(true);
  expect(isChangeAccepted(company, "https://loupe.plant-2.example")).toBe(true);
  expect(isChangeAccepted(company, "https://loupe.example.evil.example")).toBe(false);
  expect(isChangeAccepted(company, "http://localhost:3000")).toBe(false);
  expect(isChangeAccepted(company, "null")).toBe(false);
  expect(isChangeAccepted(company)).toBe(false);
});

test("a websocket says where it comes from; a page's own polling need not", () => {
  const ask = (method: string, headers: Record<string, string>) =>
    isHandshakeFromOurPage({ method, headers }, company);
  expect(ask("GET", { upgrade: "websocket", origin: "https://loupe.example" })).toBe(true);
  expect(ask("GET", { upgrade: "websocket", origin: "https://evil.example" })).toBe(false);
  expect(ask("GET", { upgrade: "websocket" })).toBe(false);
  expect(ask("GET", {})).toBe(true);
  expect(ask("GET", { "sec-fetch-site": "cross-site" })).toBe(false);
  expect(ask("GET", { origin: "https://evil.example" })).toBe(false);
  expect(ask("POST", {})).toBe(false);
});
