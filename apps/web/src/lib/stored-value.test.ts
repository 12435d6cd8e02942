import { expect, test, vi } from "vitest";
import { z } from "zod";

import { StoredValue } from "./stored-value.ts";

function memory(initial: Record<string, string> = {}) {
  const items = new Map(Object.entries(initial));
  return {
    items,
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  };
}
const open = (store: ReturnType<typeof memory>) =>
  new StoredValue({ key: "k", schema: z.array(z.int()), initial: [], store });

test("is there again after the page was closed", () => {
  const store = memory();
  open(store).set([1, 2]);
  expect(open(store).get()).toEqual([1, 2]);
});

test("starts anew when what was kept cannot be read", () => {
  expect(open(memory({ k: "{broken" })).get()).toEqual([]);
  expect(open(memory({ k: '["text"]' })).get()).toEqual([]);
});

test("changes what another tab has written, instead of what it had read before", () => {
  const store = memory();
  const [here, there] = [open(store), open(store)];
  here.update((value) => [...value, 1]);
  there.update((value) => [...value, 2]);
  expect(there.get()).toEqual([1, 2]);
  const listener = vi.fn();
  here.subscribe(listener);
  here.refresh();
  here.refresh();
  expect(here.get()).toEqual([1, 2]);
  expect(listener).toHaveBeenCalledOnce();
});

test("tells its listeners, and keeps the value when the store is full", () => {
  const store = memory();
  store.setItem = () => {
    throw new Error("full");
  };
  const value = open(store);
  const listener = vi.fn();
  value.subscribe(listener);
  value.set([3]);
  expect(listener).toHaveBeenCalledOnce();
  value.update((numbers) => [...numbers, 4]);
  expect(value.get()).toEqual([3, 4]);
});
