import { expect, test } from "vitest";

import { listTrustedOrigins } from "../list-trusted-origins.ts";
import { answerHeaders, POLICY_HEADER, type SiteFacts } from "./answer-headers.ts";

function policyOf(site: Partial<SiteFacts> = {}): Record<string, string> {
  const baseUrl = site.baseUrl ?? "http://localhost:3000";
  const trustedOrigins = listTrustedOrigins(baseUrl, []);
  const policy = answerHeaders({ baseUrl, trustedOrigins, isDevelopment: false, ...site })("page")[
    POLICY_HEADER
  ];
  const directives = policy!.split("; ").map((directive) => directive.split(/ (.*)/));
  return Object.fromEntries(directives) as Record<string, string>;
}

test("a page runs its own scripts and no others", () => {
  const policy = policyOf();
  expect(policy["default-src"]).toBe("'self'");
  expect(policy["script-src"]).toMatch(/^'self' 'nonce-[\w+/]{22}==' 'strict-dynamic'$/);
  expect(policy["object-src"]).toBe("'none'");
  expect(policy["frame-ancestors"]).toBe("'none'");
  expect(policyOf({ isDevelopment: true })["script-src"]).toContain("'unsafe-eval'");
});

test("a page speaks with its own server, under each of its names that a policy can hold", () => {
  expect(policyOf()["connect-src"]).toBe("'self' ws://localhost:3000 ws://127.0.0.1:3000");
  expect(policyOf({ baseUrl: "https://loupe.example" })["connect-src"]).toBe(
    "'self' wss://loupe.example",
  );
});
