import { isAppError, UNDO_WINDOW_MS } from "@loupe/contracts";
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";

import { aCase, ageVerdicts, aWorld, testDatabase, type World } from "../../testing/index.ts";
import type { NewVerdict } from "./case-types.ts";

const database = testDatabase();
/** Longer than people may take back what they said. */
const LATER_MS = UNDO_WINDOW_MS + 1_000;

function aVerdict(
  world: World,
  given: Partial<NewVerdict> & Pick<NewVerdict, "caseId">,
): NewVerdict {
  return {
    projectId: world.projectId,
    value: "good",
    defectType: null,
    note: "",
    seenVersion: 0,
    idempotencyKey: randomUUID(),
    authorId: world.reviewer,
    ...given,
  };
}

const give = (verdict: NewVerdict) =>
  database.db.transaction((tx) => tx.cases.giveVerdict(verdict));

const withdraw = ({ projectId, caseId, authorId, idempotencyKey }: NewVerdict) =>
  database.db.transaction((tx) =>
    tx.cases.withdrawVerdict({ projectId, caseId, authorId, idempotencyKey }),
  );

test("a decision is overturned with a reason only, its author's own slip excepted", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const open = await aCase(db, world);
  const { row: decided } = await give(aVerdict(world, { caseId: open.id }));
  const other = { caseId: open.id, seenVersion: 1, authorId: world.engineer };

  const refusal: unknown = await give(aVerdict(world, { ...other, value: "unsure" })).catch(
    (error: unknown) => error,
  );
  expect(isAppError(refusal) && refusal.code).toBe("OVERTURN_NEEDS_REASON");
  expect(isAppError(refusal) && refusal.details["change"]).toMatchObject({
    state: "decided",
    currentVersion: 1,
    verdict: decided.verdict,
  });
  expect((await db.cases.require(open.id, world.projectId)).verdicts).toHaveLength(1);

  const corrected = await give(aVerdict(world, { caseId: open.id, seenVersion: 1 }));
  expect(corrected.row).toMatchObject({ version: 2, verdict: { overturnReason: null } });
  await ageVerdicts(db, open.id, LATER_MS);
  const late = give(aVerdict(world, { caseId: open.id, seenVersion: 2 }));
  await expect(late).rejects.toThrow(/reason to overturn/);

  const overturnReason = "A reflection of the lamp.";
  const { row } = await give(aVerdict(world, { ...other, seenVersion: 2, overturnReason }));
  expect(row).toMatchObject({ version: 3, verdict: { overturnReason } });
});

test("one's own verdict is taken back for a short while, and what stood before counts again", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const open = await aCase(db, world);
  const unsure = aVerdict(world, { caseId: open.id, value: "unsure", authorId: world.engineer });
  await give(unsure);
  const verdict = aVerdict(world, {
    caseId: open.id,
    seenVersion: 1,
    value: "defective",
    defectType: "dent",
  });
  await give(verdict);

  const { row, withdrawn } = await withdraw(verdict);
  expect(row).toMatchObject({ state: "in_review", version: 3, verdict: { value: "unsure" } });
  expect(await withdraw(verdict)).toEqual({ row, withdrawn: null });
  const view = await db.cases.require(open.id, world.projectId);
  expect(view.verdicts.map(({ value, withdrawnAt }) => [value, withdrawnAt])).toEqual([
    ["defective", withdrawn?.at],
    ["unsure", null],
  ]);
  expect(await db.cases.defectTypes(world.projectId)).not.toContain("dent");
  const { rows } = await db.pool.query<{ decidedAt: Date | null }>(
    `select "decidedAt" from "case" where "id" = $1`,
    [open.id],
  );
  expect(rows[0]?.decidedAt).toBeNull();

  const again = await give(aVerdict(world, { caseId: open.id, seenVersion: 3 }));
  expect(again.row).toMatchObject({ state: "decided", version: 4, verdict: { value: "good" } });
});

test("of many withdrawals at once one is told, and all get the same case", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const open = await aCase(db, world);
  const verdict = aVerdict(world, { caseId: open.id });
  await give(verdict);
  const answers = await Promise.all(Array.from({ length: 4 }, () => withdraw(verdict)));
  expect(answers.filter((answer) => answer.withdrawn !== null)).toHaveLength(1);
  for (const { row } of answers) expect(row).toMatchObject({ state: "open", version: 2 });
});

test("neither late, nor over a colleague's work, nor by someone else is a verdict taken back", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const code = async (work: Promise<unknown>): Promise<unknown> => {
    const error: unknown = await work.catch((reason: unknown) => reason);
    return isAppError(error) ? error.code : error;
  };
  const late = aVerdict(world, { caseId: (await aCase(db, world)).id });
  await give(late);
  expect(await code(withdraw({ ...late, authorId: world.engineer }))).toBe("NOT_FOUND");
  await ageVerdicts(db, late.caseId, LATER_MS);
  expect(await code(withdraw(late))).toBe("UNDO_TOO_LATE");

  const built = aVerdict(world, { caseId: (await aCase(db, world)).id });
  await give(built);
  await give({ ...aVerdict(world, built), seenVersion: 1, idempotencyKey: randomUUID() });
  expect(await code(withdraw(built))).toBe("UNDO_TOO_LATE");

  const never = { ...built, idempotencyKey: randomUUID() };
  expect((await withdraw(never)).withdrawn).toBeNull();
});

test("that a verdict was taken back cannot be changed, also past our code", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const verdict = aVerdict(world, { caseId: (await aCase(db, world)).id });
  await give(verdict);
  await withdraw(verdict);
  await expect(db.pool.query(`delete from "verdict_withdrawal"`)).rejects.toThrow(/never changed/);
});
