import { expect, test } from "vitest";

import { showLines } from "./show-lines.ts";

function collect() {
  const shown: string[] = [];
  const lines = showLines({ name: "web", hasColours: false, write: (text) => shown.push(text) });
  return { shown, lines };
}

test("formats a log line, also one that comes in two parts", () => {
  const { shown, lines } = collect();
  const line = JSON.stringify({
    level: 30,
    time: 0,
    pid: 7,
    name: "web",
    msg: "listens",
    port: 3000,
  });
  lines.add(line.slice(0, 20));
  expect(shown).toEqual([]);
  lines.add(`${line.slice(20)}\n`);
  expect(shown).toEqual(['web | [00:00:00.000] INFO: listens {"port":3000}\n']);
});

test("shows the stack of an error under its line", () => {
  const { shown, lines } = collect();
  const err = { type: "Error", message: "disk full", stack: "Error: disk full\n    at here" };
  lines.add(`${JSON.stringify({ level: 50, time: 0, err, msg: "job failed" })}\n`);
  expect(shown[0]).toBe("web | [00:00:00.000] ERROR: job failed\n");
  expect(shown.join("")).toContain("at here");
  for (const text of shown) expect(text).toMatch(/^web \| .*\n$/u);
});

test("leaves all else as it is, the end of a broken line included", () => {
  const { shown, lines } = collect();
  lines.add(" ○ Compiling /sign-in ...\n\nError: no");
  expect(shown).toEqual(["web |  ○ Compiling /sign-in ...\n"]);
  lines.end();
  lines.end();
  expect(shown.at(-1)).toBe("web | Error: no\n");
  expect(shown).toHaveLength(2);
});
