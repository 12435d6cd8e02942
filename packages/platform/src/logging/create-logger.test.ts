import { expect, test } from "vitest";

import { createLogger } from "./create-logger.ts";

function collect() {
  const lines: string[] = [];
  return { lines, destination: { write: (text: string) => void lines.push(text) } };
}

test("writes one JSON object a line, with the process's name and without secrets", () => {
  const { lines, destination } = collect();
  createLogger("web", { destination }).info(
    { user: { password: "hunter2" }, runs: 3 },
    "signed in",
  );
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain("hunter2");
  expect(JSON.parse(lines[0]!)).toMatchObject({ name: "web", msg: "signed in", runs: 3 });
});

test("leaves out what is below its level", () => {
  const { lines, destination } = collect();
  const logger = createLogger("web", { destination, level: "warn" });
  logger.info("quiet");
  logger.warn("loud");
  expect(lines).toHaveLength(1);
});
