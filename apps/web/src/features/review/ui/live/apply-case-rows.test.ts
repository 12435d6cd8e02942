import { ACTIVE_MODEL_RANK, CaseId, type CaseRow, type CaseState } from "@loupe/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";

import { testUuid } from "../../../../testing/event-maker.ts";
import { applyCaseRows, compareInQueue } from "./apply-case-rows.ts";

const id = (n: number) => CaseId.parse(testUuid(100 + n));
const aRow = (n: number, change: Partial<CaseRow> = {}) =>
  ({
    id: id(n),
    modelRank: ACTIVE_MODEL_RANK,
    standardScore: n,
    state: "open",
    category: "cap",
    inspectionId: null,
    version: 0,
    ...change,
  }) as CaseRow;
const ids = (rows: readonly { readonly id: CaseId }[]) => rows.map((row) => row.id);

type Page = { rows: CaseRow[]; nextCursor: CaseRow | null };

/** As the server lists them: by model version, score and name, a page after the other. */
function listed(cases: readonly CaseRow[], ends: readonly (CaseRow | null)[]): Page[] {
  const sorted = cases.toSorted(compareInQueue);
  return ends.map((end, at) => {
    const start = ends[at - 1] ?? null;
    const rows = sorted.filter(
      (row) =>
        (start === null || compareInQueue(row, start) > 0) &&
        (end === null || compareInQueue(row, end) <= 0),
    );
    return { rows, nextCursor: end };
  });
}

const undecided = { state: "undecided" } as const;
const pages = listed(
  [9, 8, 7, 6, 5, 4].map((n) => aRow(n)),
  [aRow(7), aRow(4)],
);

test.each<[string, CaseRow, number[]]>([
  ["whose score rose goes up", aRow(5, { standardScore: 8.5, version: 1 }), [9, 5, 8, 7, 6, 4]],
  ["whose score fell goes down", aRow(9, { standardScore: 4.5, version: 1 }), [8, 7, 6, 5, 9, 4]],
  ["that is new comes where it belongs", aRow(10, { standardScore: 6.5 }), [9, 8, 7, 10, 6, 5, 4]],
  [
    "that belongs behind what is loaded waits for its page",
    aRow(9, { standardScore: 1, version: 1 }),
    [8, 7, 6, 5, 4],
  ],
  [
    "of another model version stands behind",
    aRow(9, { modelRank: 3, version: 1 }),
    [8, 7, 6, 5, 4],
  ],
  ["that was decided leaves", aRow(8, { state: "decided", version: 1 }), [9, 7, 6, 5, 4]],
])("a case %s", (_what, row, order) => {
  const next = applyCaseRows(pages, undecided, { caseIds: [row.id], rows: [row] });
  expect(next.flatMap((page) => ids(page.rows))).toEqual(order.map(id));
});

test("what was asked for and is not there any more leaves", () => {
  const next = applyCaseRows(pages, undecided, { caseIds: [id(6)], rows: [] });
  expect(next.flatMap((page) => ids(page.rows))).toEqual([9, 8, 7, 5, 4].map(id));
  expect(next[0]).toBe(pages[0]);
});

test("a queue of another category or inspection takes no case that is not its own", () => {
  const news = { caseIds: [id(10)], rows: [aRow(10)] };
  expect(applyCaseRows(pages, { state: "all", category: "nut" }, news)).toBe(pages);
  const cap = applyCaseRows(pages, { state: "all", category: "cap" }, news);
  expect(cap[0]?.rows[0]?.id).toBe(id(10));
});

test("news that the queue knows already, or knows better, change nothing", () => {
  const better = [{ rows: [aRow(9, { state: "decided", version: 2 })], nextCursor: null }];
  const late = { caseIds: [id(9)], rows: [aRow(9, { version: 1 })] };
  expect(applyCaseRows(better, { state: "all" }, late)).toBe(better);
  const same = { caseIds: [id(9)], rows: [aRow(9)] };
  expect(applyCaseRows(pages, undecided, same)).toBe(pages);
});

const change = fc.record({
  at: fc.nat(11),
  standardScore: fc.integer({ min: 0, max: 6 }),
  modelRank: fc.constantFrom(1, 2, ACTIVE_MODEL_RANK),
  state: fc.constantFrom<CaseState>("open", "in_review", "decided"),
  category: fc.constantFrom("cap", "nut"),
  isGone: fc.boolean(),
});
const filter = fc.record(
  {
    state: fc.constantFrom("undecided" as const, "decided" as const, "all" as const),
    category: fc.constantFrom("cap", "nut"),
  },
  { requiredKeys: ["state"] },
);

test("however cases change and in whichever lots they are read, the queue is as if it were read anew", () => {
  fc.assert(
    fc.property(
      fc.record({
        changes: fc.array(change, { maxLength: 30 }),
        asked: filter,
        cuts: fc.array(fc.nat(11), { maxLength: 3 }),
        lots: fc.array(fc.nat(), { minLength: 1, maxLength: 6 }),
      }),
      ({ changes, asked, cuts, lots }) => {
        const cases = new Map(Array.from({ length: 8 }, (_, n) => [id(n), aRow(n % 5)] as const));
        for (const [key, row] of cases) cases.set(key, { ...row, id: key });
        const fitting = () =>
          [...cases.values()].filter(
            (row) =>
              (asked.category === undefined || row.category === asked.category) &&
              (asked.state === "all" || (row.state === "decided") === (asked.state === "decided")),
          );
        const first = fitting().toSorted(compareInQueue);
        const ends = [...new Set(cuts)]
          .toSorted((a, b) => a - b)
          .flatMap((cut) => first[cut] ?? []);
        const loaded = [...ends, ...(lots[0]! % 2 === 0 || ends.length === 0 ? [null] : [])];
        let known: readonly Page[] = listed(first, loaded);
        const due = new Set<CaseId>();
        for (const [step, { at, isGone, ...to }] of changes.entries()) {
          if (isGone) cases.delete(id(at));
          else cases.set(id(at), { ...aRow(at), ...to, version: step + 1 });
          due.add(id(at));
          if (lots[step % lots.length]! % 3 !== 0) continue;
          const rows = [...due].flatMap((key) => cases.get(key) ?? []);
          known = applyCaseRows(known, asked, { caseIds: [...due], rows });
          due.clear();
        }
        const rows = [...due].flatMap((key) => cases.get(key) ?? []);
        const news = { caseIds: [...due], rows };
        known = applyCaseRows(known, asked, news);
        expect(known).toEqual(listed(fitting(), loaded));
        expect(applyCaseRows(known, asked, news)).toBe(known);
      },
    ),
  );
});
