import { expect, test } from "vitest";

import { readWebEnv } from "./env.ts";

const needed = {
  DATABASE_URL: "postgresql://localhost/loupe",
  LOUPE_HOME: ".loupe",
  AUTH_SECRET: "0123456789abcdef0123456789abcdef",
};

test("has defaults that open nothing to the outside", () => {
  const env = readWebEnv({ ...needed, PORT: "4100" });
  expect(env).toMatchObject({
    host: "127.0.0.1",
    port: 4100,
    baseUrl: "http://localhost:4100",
    extraOrigins: [],
    trustedProxies: 0,
  });
});

test("says in sentences what is missing and what is wrong", () => {
  expect(() => readWebEnv({ DATABASE_URL: "mysql://x", PORT: "http" })).toThrow(
    /DATABASE_URL: .*PORT: .*AUTH_SECRET: |LOUPE_HOME: /s,
  );
  expect(() => readWebEnv({ ...needed, AUTH_SECRET: "short" })).toThrow(/32 characters/);
});
