import type { CaseId, CaseRow } from "@loupe/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";

import {
  choose,
  draw,
  erase,
  goOn,
  isInView,
  isListed,
  list,
  move,
  scroll,
  startDesk,
  type Desk,
  type DeskRow,
} from "./desk.ts";

const id = (name: string) => name as CaseId;
const open = (...names: string[]): DeskRow[] =>
  names.map((name) => ({ id: id(name), state: "open" }));
const NOTHING: ReadonlySet<CaseId> = new Set();
/** Drawn in the window. */
const show = (desk: Desk, name: CaseId): Desk => draw(scroll(desk, name, true), name);
const on = (name: string, ...names: string[]): Desk =>
  choose(list(startDesk(null), open(...names)), id(name));

test("begins at the head of the queue, and keeps a choice that came with the address", () => {
  expect(list(startDesk(null), open("a", "b")).selected).toBe("a");
  expect(list(startDesk(id("b")), open("a", "b")).selected).toBe("b");
  expect(list(startDesk(null), []).selected).toBeNull();
});

test("each J moves one on, however quickly they follow each other", () => {
  const desk = on("a", "a", "b", "c");
  expect(move(move(desk, 1), 1).selected).toBe("c");
  expect(move(move(move(desk, 1), 1), 1).selected).toBe("c");
  expect(move(desk, -1)).toBe(desk);
});

test("only what is chosen and seen may be decided", () => {
  const shown = show(on("a", "a", "b"), id("a"));
  expect(isInView(shown, id("a"))).toBe(true);
  const clicked = choose(shown, id("b"));
  expect(isInView(clicked, id("a"))).toBe(false);
  expect(isInView(clicked, id("b"))).toBe(false);
  expect(isInView(show(erase(clicked, id("a")), id("b")), id("b"))).toBe(true);
  expect(isInView(choose(clicked, id("a")), id("a"))).toBe(true);
});

test("a picture above or below the window is not seen until it comes in, and then stays seen", () => {
  const away = draw(on("a", "a", "b"), id("a"));
  expect(isInView(away, id("a"))).toBe(false);
  const there = scroll(away, id("a"), true);
  expect(isInView(there, id("a"))).toBe(true);
  expect(isInView(scroll(there, id("a"), false), id("a"))).toBe(true);
});

test("an empty viewer that was in the window before its picture came is not seen", () => {
  const passed = scroll(scroll(on("a", "a", "b"), id("a"), true), id("a"), false);
  const late = draw(passed, id("a"));
  expect(isInView(late, id("a"))).toBe(false);
  expect(isInView(scroll(late, id("a"), true), id("a"))).toBe(true);
});

test("after a verdict the next picture must be seen itself, and so must the same one again", () => {
  const decidedOne = erase(goOn(show(on("a", "a", "b"), id("a")), NOTHING), id("a"));
  const next = draw(decidedOne, id("b"));
  expect(next.selected).toBe("b");
  expect(isInView(next, id("b"))).toBe(false);
  expect(isInView(scroll(next, id("a"), true), id("b"))).toBe(false);
  const back = draw(choose(erase(show(next, id("b")), id("b")), id("a")), id("a"));
  expect(isInView(back, id("a"))).toBe(false);
});

test("what a viewer says late of its own leaving takes nothing from the next one", () => {
  const next = scroll(on("b", "a", "b"), id("b"), true);
  expect(scroll(next, id("a"), false)).toBe(next);
});

test("the picture of a case that was left behind counts for nothing", () => {
  const late = show(choose(on("a", "a", "b"), id("b")), id("a"));
  expect(isInView(late, id("a"))).toBe(false);
  expect(late.selected).toBe("b");
});

test("goes on to the next undecided case, and stays when there is none", () => {
  const rows: DeskRow[] = [
    { id: id("a"), state: "open" },
    { id: id("b"), state: "decided" },
    { id: id("c"), state: "in_review" },
  ];
  const desk = choose(list(startDesk(null), rows), id("a"));
  expect(goOn(desk, NOTHING).selected).toBe("c");
  expect(goOn(desk, new Set([id("c")]))).toBe(desk);
});

test("a case that has left the queue keeps its place for J, K and what follows a verdict", () => {
  const left = list(on("c", "a", "b", "c", "d", "e"), open("a", "b", "e"));
  expect(left.selected).toBe("c");
  expect(isListed(left)).toBe(false);
  expect(move(left, 1).selected).toBe("e");
  expect(move(left, -1).selected).toBe("b");
  expect(goOn(left, NOTHING).selected).toBe("e");
  expect(goOn(left, new Set([id("e")])).selected).toBe("a");
});

/** What can happen on and around a desk, in any order. */
type Step =
  | { readonly kind: "click"; readonly at: number }
  | { readonly kind: "move"; readonly by: 1 | -1 }
  | { readonly kind: "verdict" }
  | { readonly kind: "draw" | "enter" | "answer"; readonly at: number }
  | { readonly kind: "colleague" | "leave"; readonly at: number };

const NAMES = ["a", "b", "c", "d", "e", "f", "g", "h"];
const anyPlace = fc.nat({ max: NAMES.length - 1 });
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("click" as const), at: anyPlace }),
  fc.record({ kind: fc.constant("move" as const), by: fc.constantFrom<1 | -1>(1, -1) }),
  fc.record({ kind: fc.constant("verdict" as const) }),
  fc.record({
    kind: fc.constantFrom("draw", "enter", "answer", "colleague", "leave"),
    at: anyPlace,
  }),
);

test("whatever comes late, a verdict is on the case in view and nobody is moved", () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
      let rows: DeskRow[] = open(...NAMES);
      let desk = list(startDesk(null), rows);
      /** Cases whose data and pictures are loading, and verdicts without an answer. */
      let loading: CaseId[] = [id("a")];
      let onTheirWay: CaseId[] = [];

      for (const step of steps) {
        const before = desk;
        if (step.kind === "click") {
          const row = rows[step.at % rows.length];
          if (row) desk = choose(desk, row.id);
        } else if (step.kind === "move") {
          const at = rows.findIndex((row) => row.id === desk.selected);
          desk = move(desk, step.by);
          if (at >= 0) expect(desk.selected).toBe((rows[at + step.by] ?? rows[at])?.id);
        } else if (step.kind === "verdict") {
          // The keys belong to the panel that is on the screen, which may lag behind the choice.
          const panel = desk.drawn;
          if (panel !== null && isInView(desk, panel)) {
            expect(panel).toBe(desk.selected);
            desk = goOn(desk, new Set([...onTheirWay, panel]));
            onTheirWay.push(panel);
          }
        } else if (step.kind === "draw") {
          const late = loading[step.at % loading.length];
          if (late) desk = draw(desk, late);
        } else if (step.kind === "enter") {
          const viewer = loading[step.at % loading.length];
          if (viewer) desk = scroll(desk, viewer, true);
        } else {
          if (step.kind === "answer") onTheirWay = onTheirWay.slice(1);
          const changed = rows[step.at % Math.max(1, rows.length)];
          rows =
            step.kind === "leave" && rows.length > 2
              ? rows.filter((row) => row !== changed)
              : rows.map((row) => (row === changed ? decided(row) : row));
          desk = list(desk, rows);
        }
        const isOwnAct = step.kind === "click" || step.kind === "move" || step.kind === "verdict";
        if (!isOwnAct) expect(desk.selected).toBe(before.selected);
        if (desk.selected !== before.selected && desk.selected !== null) {
          loading = [...loading, desk.selected].slice(-3);
        }
      }
    }),
  );
});

function decided(row: DeskRow): DeskRow {
  return { ...row, state: "decided" satisfies CaseRow["state"] };
}
