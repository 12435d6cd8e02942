import { afterEach, expect, test } from "vitest";

import { input, mul } from "../graph/index.ts";
import { exportModel } from "../onnx/index.ts";
import { float32, type Tensor, toNumbers } from "../tensor/index.ts";
import { openSessionCount, SessionPool } from "./index.ts";

const model = exportModel({ outputs: { y: mul(input("x", [1]), 2) } });

const open: SessionPool[] = [];
async function openPool(sessions: number): Promise<SessionPool> {
  const pool = await SessionPool.open(model, { provider: "cpu", threads: 1, sessions });
  open.push(pool);
  return pool;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((pool) => pool.close()));
  expect(openSessionCount()).toBe(0);
});

const feed = (value: number): Record<string, Tensor> => ({ x: float32([1], [value]) });

async function twice(pool: SessionPool, values: readonly number[]): Promise<number[]> {
  const results = await Promise.all(values.map((value) => pool.run(feed(value))));
  return results.map(({ y }) => toNumbers(y!)[0] ?? Number.NaN);
}

test("one run after the other needs one session; runs that would wait open more, up to the limit", async () => {
  const pool = await openPool(3);
  for (const value of [1, 2, 3]) expect(await twice(pool, [value])).toEqual([2 * value]);
  expect(pool.size).toBe(1);

  const values = Array.from({ length: 20 }, (_, index) => index);
  // A session takes longer to open than these runs take, so runs are given until all are open.
  while (pool.size < 3) {
    expect(await twice(pool, values)).toEqual(values.map((value) => 2 * value));
  }
  expect(await twice(pool, values)).toEqual(values.map((value) => 2 * value));
  expect(openSessionCount()).toBe(3);
});

test("a run that fails leaves its session to the others", async () => {
  const pool = await openPool(1);
  const wrong = pool.run({ x: float32([2], [1, 2]) });
  const right = twice(pool, [4]);

  await expect(wrong).rejects.toThrow(/Expected: 1/);
  expect(await right).toEqual([8]);
});

test("a run that is aborted before its turn does not run", async () => {
  const pool = await openPool(1);
  const controller = new AbortController();
  const given = twice(pool, [1, 2]);
  const waiting = pool.run(feed(3), { signal: controller.signal });
  const refused = expect(waiting).rejects.toThrow("Enough.");
  controller.abort(new Error("Enough."));

  expect(await given).toEqual([2, 4]);
  await refused;
});

test("closing lets end what a session was given, refuses what waits, and closes a session that is opening", async () => {
  const pool = await openPool(2);
  const given = twice(pool, [1, 2]);
  const waiting = pool.run(feed(3)).catch((error: unknown) => error);
  await pool.close();

  expect(await given).toEqual([2, 4]);
  expect(await waiting).toEqual(new Error("The sessions are closed. Open new ones to go on."));
  await expect(pool.run(feed(4))).rejects.toThrow("The sessions are closed.");
  expect(openSessionCount()).toBe(0);
});

test("bytes that are no model are refused", async () => {
  const bytes = new TextEncoder().encode("not a model");

  await expect(SessionPool.open(bytes, { provider: "cpu", sessions: 2 })).rejects.toThrow(
    /Could not open the model on cpu/,
  );
});
