import { afterAll, expect } from "vitest";

import { openSessionCount } from "../session/index.ts";

afterAll(() => {
  expect(openSessionCount(), "sessions left open").toBe(0);
});
