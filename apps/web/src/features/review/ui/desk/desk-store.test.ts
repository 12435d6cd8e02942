import { GiveVerdictInput, UNDO_WINDOW_MS, type CaseId } from "@loupe/contracts";
import { expect, test } from "vitest";

import { DeskStore } from "./desk-store.ts";

const uuid = (n: number) => `018f0000-0000-7000-8000-${String(n).padStart(12, "0")}` as CaseId;
const rows = [1, 2, 3, 4].map((n) => ({ id: uuid(n), state: "open" as const }));
const verdict = (n: number) =>
  GiveVerdictInput.parse({
    projectId: uuid(9),
    caseId: uuid(n),
    value: "good",
    seenVersion: 0,
    idempotencyKey: uuid(100 + n),
  });

/** A desk at its first case, on a clock that is turned by hand. */
function aDesk() {
  const clock = { nowMs: 0 };
  const address: CaseId[] = [];
  let due: (() => void) | null = null;
  const store = new DeskStore({
    selected: null,
    writeAddress: (id) => address.push(id),
    now: () => clock.nowMs,
    schedule: (work) => {
      due = work;
      return () => (due = null);
    },
  });
  store.list(rows);
  return { store, address, clock, expire: () => due?.() };
}

test("two quick keys are two steps, and their late echo in the address moves nobody", () => {
  const { store, address } = aDesk();
  store.move(1);
  store.move(1);
  expect(address).toEqual([uuid(1), uuid(2), uuid(3)]);
  store.followAddress(uuid(1));
  store.followAddress(uuid(2));
  expect(store.get().desk.selected).toBe(uuid(3));
  store.followAddress(uuid(3));
  store.followAddress(uuid(4));
  expect(store.get().desk.selected).toBe(uuid(4));
});

test("a filter that takes the case out of the address leaves the choice to the next list", () => {
  const { store } = aDesk();
  store.followAddress(null);
  expect(store.get().desk.selected).toBeNull();
  store.list(rows.slice(2));
  expect(store.get().desk.selected).toBe(uuid(3));
});

test("goes on as a verdict is given, says which case it was, and goes back for an undo", () => {
  const { store, clock } = aDesk();
  store.draw(uuid(1));
  expect(store.isInView(uuid(1))).toBe(false);
  store.scroll(uuid(1), true);
  expect(store.isInView(uuid(1))).toBe(true);
  store.give(verdict(1), "one.png", new Set([uuid(2)]));
  expect(store.get()).toMatchObject({
    desk: { selected: uuid(3) },
    message: { kind: "given", verdict: { fileName: "one.png" } },
  });
  clock.nowMs = UNDO_WINDOW_MS - 1;
  expect(store.undo()?.input).toEqual(verdict(1));
  expect(store.get().desk.selected).toBe(uuid(1));
  expect(store.undo()).toBeNull();
});

test("a picture that was seen is decided from the buttons below it, the next one is not", () => {
  const { store } = aDesk();
  store.scroll(uuid(1), true);
  store.draw(uuid(1));
  store.scroll(uuid(1), false);
  expect(store.isInView(uuid(1))).toBe(true);
  store.give(verdict(1), "one.png", new Set());
  store.erase(uuid(1));
  store.draw(uuid(2));
  expect(store.isInView(uuid(2))).toBe(false);
});

test("the newest verdict is taken back first, and none after its time", () => {
  const { store, clock } = aDesk();
  store.give(verdict(1), "one.png", new Set());
  clock.nowMs = 6_000;
  store.give(verdict(2), "two.png", new Set());
  store.give(verdict(3), "three.png", new Set());
  expect(store.undo()?.fileName).toBe("three.png");
  clock.nowMs = UNDO_WINDOW_MS;
  expect(store.undo()?.fileName).toBe("two.png");
  expect(store.undo()).toBeNull();
});

test("a message is taken down when its time is over", () => {
  const { store, expire } = aDesk();
  store.say("Nothing was decided.");
  expect(store.get().message).not.toBeNull();
  expire();
  expect(store.get().message).toBeNull();
});

test("an undo is told as it goes: asked, waiting, refused, and done only when it is", () => {
  const { store } = aDesk();
  const said = () => {
    const { message } = store.get();
    return message?.kind === "said" ? message.sentence : null;
  };
  store.give(verdict(1), "one.png", new Set());
  const given = store.undo();
  if (given === null) throw new Error("Expected a verdict to take back, got none");
  expect(said()).toBe("one.png: your verdict is being taken back.");
  store.tellUndo(given, { kind: "waiting" });
  expect(said()).toContain("will be taken back when the connection is back");
  store.tellUndo(given, { kind: "done" });
  expect(said()).toBe("one.png: your verdict is taken back.");
});

test("a refused undo replaces what stands in the bar, and a done one only its own words", () => {
  const { store } = aDesk();
  const given = { input: verdict(1), fileName: "one.png" };
  store.say("Something else.");
  store.tellUndo(given, { kind: "done" });
  expect(store.get().message).toMatchObject({ sentence: "Something else." });
  const why = { code: "UNDO_TOO_LATE", sentence: "Too late.", details: {} } as const;
  store.tellUndo(given, { kind: "refused", why });
  expect(store.get().message).toMatchObject({
    sentence: expect.stringContaining("It stands as good.") as string,
  });
});
