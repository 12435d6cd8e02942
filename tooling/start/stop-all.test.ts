import { expect, test } from "vitest";

import { stopAll } from "./stop-all.ts";

test("what follows is stopped although one before it failed", async () => {
  const log: string[] = [];
  const stopping = (name: string) => () => Promise.resolve(void log.push(name));
  const broken = () => Promise.reject(new Error("the worker does not answer"));
  await stopAll([stopping("web"), broken, stopping("database")], (said) => log.push(said));
  expect(log).toEqual(["web", "the worker does not answer", "database"]);
});
