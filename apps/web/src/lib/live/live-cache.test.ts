import { InspectionId, ProjectEvent, ProjectId } from "@loupe/contracts";
import { QueryObserver, type QueryKey } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";

import { answeringTrpc } from "../../testing/answering-trpc.ts";
import { type CacheReader, LiveCacheWriter, type LiveFold } from "./live-cache.ts";

const projectId = ProjectId.parse("018f0000-0000-7000-8000-000000000001");
const inspectionId = InspectionId.parse("018f0000-0000-7000-8000-000000000002");
const KEY: QueryKey = ["sum"];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const event = (sequence: number): ProjectEvent =>
  ProjectEvent.parse({
    projectId,
    sequence,
    at: new Date(0),
    body: {
      type: "inspection.status",
      inspectionId,
      status: "scoring",
      imagesDone: sequence,
      imagesTotal: 500,
    },
  });

const newest: LiveFold = ({ sequence }, { client }) =>
  void client.setQueryData<number>(KEY, (known) => known && Math.max(known, sequence));
const readAgain: LiveFold = (_event, { invalidate }) => invalidate({ queryKey: KEY });

/** A view that shows one query, whose answers come when the test gives them. */
function aView(fold: LiveFold) {
  const { client, trpc } = answeringTrpc();
  const writer = new LiveCacheWriter(client, trpc, [fold]);
  const stop = writer.start();
  const waiting: ((data: number) => void)[] = [];
  let asked = 0;
  const queryFn = () => {
    asked += 1;
    return new Promise<number>((resolve) => waiting.push(resolve));
  };
  const observer = new QueryObserver(client, { queryKey: KEY, queryFn });
  const unsubscribe = observer.subscribe(() => undefined);
  onTestFinished(() => {
    unsubscribe();
    stop();
  });
  const answer = async (data: number) => {
    waiting.shift()!(data);
    await vi.advanceTimersByTimeAsync(1);
  };
  return {
    writer,
    stop,
    answer,
    readAgain: () => void observer.refetch(),
    data: () => client.getQueryData(KEY),
    asked: () => asked,
    inFlight: () => waiting.length,
  };
}

test("an answer read before an event that came on its way has the event all the same", async () => {
  const view = aView(newest);
  view.writer.apply([event(7)]);
  await view.answer(3);
  expect(view.data()).toBe(7);
  expect(view.asked()).toBe(1);
});

test("an event of before the request is not folded again onto its answer", async () => {
  const { client, trpc } = answeringTrpc();
  const writer = new LiveCacheWriter(client, trpc, [newest]);
  onTestFinished(writer.start());
  writer.apply([event(7)]);
  await client.fetchQuery({ queryKey: KEY, queryFn: () => 3 });
  await vi.advanceTimersByTimeAsync(1);
  expect(client.getQueryData(KEY)).toBe(3);
});

test("a query that outlasts what is remembered is read again", async () => {
  const view = aView(newest);
  for (let sequence = 1; sequence <= 1001; sequence++) view.writer.apply([event(sequence)]);
  await view.answer(1);
  expect(view.asked()).toBe(2);
});

test("what becomes old on its way is read once more when it has come, never twice at a time", async () => {
  const view = aView(readAgain);
  view.writer.apply([event(1), event(2), event(3)]);
  await vi.advanceTimersByTimeAsync(5000);
  expect(view.inFlight()).toBe(1);
  await view.answer(1);
  expect([view.asked(), view.inFlight()]).toEqual([2, 1]);
  await view.answer(2);
  await vi.advanceTimersByTimeAsync(5000);
  expect(view.asked()).toBe(2);
});

test("one event costs one request", async () => {
  const view = aView(readAgain);
  await view.answer(1);
  view.writer.apply([event(1)]);
  await view.answer(2);
  await vi.advanceTimersByTimeAsync(5000);
  expect(view.asked()).toBe(2);
});

test("500 events within a second or so cost one request in half a second", async () => {
  const view = aView(readAgain);
  await view.answer(1);
  for (let sequence = 1; sequence <= 500; sequence++) {
    view.writer.apply([event(sequence)]);
    await vi.advanceTimersByTimeAsync(2);
    if (view.inFlight() > 0) await view.answer(sequence);
  }
  await vi.advanceTimersByTimeAsync(2000);
  if (view.inFlight() > 0) await view.answer(501);
  await vi.advanceTimersByTimeAsync(2000);
  expect(view.asked()).toBeGreaterThan(1);
  expect(view.asked()).toBeLessThanOrEqual(1 + 4);
});

test("nothing is read again after the stop", async () => {
  const view = aView(readAgain);
  await view.answer(1);
  view.writer.apply([event(1), event(2)]);
  await view.answer(2);
  const before = view.asked();
  view.stop();
  await vi.advanceTimersByTimeAsync(5000);
  expect(view.asked()).toBe(before);
});

/** A reader of numbers by name, whose answers come when the test gives them. */
function aReader(most = 2) {
  const asked: (readonly string[])[] = [];
  const waiting: { resolve: (data: number) => void; reject: (error: Error) => void }[] = [];
  const reader: CacheReader = {
    name: "numbers",
    most,
    read: async (ids) => {
      asked.push(ids);
      const data = await new Promise<number>((resolve, reject) =>
        waiting.push({ resolve, reject }),
      );
      return ({ client }) =>
        void client.setQueryData<number>(KEY, (known) => known && Math.max(known, data));
    },
    readAll: ({ invalidate }) => invalidate({ queryKey: KEY }),
  };
  const settled = () => vi.advanceTimersByTimeAsync(1);
  return {
    fold: (({ sequence }, { readById }) => readById(reader, [String(sequence)])) as LiveFold,
    asked,
    answer: (data: number) => (waiting.shift()!.resolve(data), settled()),
    fail: () => (waiting.shift()!.reject(new Error("no line")), settled()),
  };
}

test("what was read by id outlives an answer that was on its way meanwhile", async () => {
  const reader = aReader();
  const view = aView(reader.fold);
  await view.answer(1);
  view.writer.apply([event(2)]);
  view.readAgain();
  await reader.answer(9);
  expect(view.data()).toBe(9);
  await view.answer(3);
  expect(view.data()).toBe(9);
  expect([reader.asked, view.asked()]).toEqual([[["2"]], 2]);
});

test("many names are one request, too many of them or none to be had are a list", async () => {
  const reader = aReader();
  const view = aView(reader.fold);
  await view.answer(1);
  view.writer.apply([event(1), event(2), event(3)]);
  await reader.answer(1);
  await vi.advanceTimersByTimeAsync(500);
  expect(reader.asked).toEqual([["1"], ["2", "3"]]);
  await reader.fail();
  expect(view.asked()).toBe(2);
  await view.answer(2);
  await vi.advanceTimersByTimeAsync(500);
  view.writer.apply([event(4), event(5), event(6), event(7)]);
  await reader.answer(1);
  await vi.advanceTimersByTimeAsync(500);
  expect([reader.asked.length, view.asked()]).toEqual([3, 3]);
});
