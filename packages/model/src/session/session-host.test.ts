import { expect, test } from "vitest";

import { input, mul } from "../graph/index.ts";
import { exportModel } from "../onnx/index.ts";
import { float32 } from "../tensor/index.ts";
import { openSessionCount, SessionHost } from "./session-host.ts";

const model = exportModel({ outputs: { y: mul(input("x", [2]), 2) } });

test("a thread that dies fails what waits for it and all that follows", async () => {
  const host = new SessionHost();
  const opening = host.ask({ type: "open", model, options: { provider: "cpu", threads: 1 } });
  const failed = expect(opening).rejects.toThrow(/^The session's thread ended with code \d+\./);
  await host.terminate();
  await failed;

  const feeds = { x: float32([2], [1, 2]) };
  await expect(host.ask({ type: "run", feeds })).rejects.toThrow(/Open a new session to go on\.$/);
  expect(openSessionCount()).toBe(0);
});

test("a request before the model is open is refused", async () => {
  const host = new SessionHost();

  await expect(host.ask({ type: "run", feeds: {} })).rejects.toThrow("The session is not open.");
  await host.close();
  expect(openSessionCount()).toBe(0);
});
