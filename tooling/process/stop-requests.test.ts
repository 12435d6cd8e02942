import { expect, test } from "vitest";

import { stopRequests } from "./stop-requests.ts";

function watched() {
  const said: string[] = [];
  let time = 0;
  const ask = stopRequests({
    onStop: () => said.push("stop"),
    onLeave: () => said.push("leave"),
    now: () => time,
  });
  const askAt = (ms: number): void => {
    time = ms;
    ask();
  };
  return { said, askAt };
}

// Found with "npm start" in a terminal: npm passed the Ctrl-C on, and nothing stopped in order.
test("one Ctrl-C that comes twice stops in order", () => {
  const { said, askAt } = watched();
  askAt(100_000);
  askAt(100_004);
  askAt(101_500);
  expect(said).toEqual(["stop"]);
});

test("whoever asks again a while later need not wait", () => {
  const { said, askAt } = watched();
  askAt(5);
  askAt(4_000);
  expect(said).toEqual(["stop", "leave"]);
});
