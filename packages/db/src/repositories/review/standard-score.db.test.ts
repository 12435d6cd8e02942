import type { CaseRow } from "@loupe/contracts";
import { expect, test } from "vitest";

import { aCalibration, aCase, aModel, aWorld, testDatabase } from "../../testing/index.ts";

const database = testDatabase();

test("a score is held against the good parts of its own category, or of all where that has none", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const calibration = aCalibration({ mean: 0.2, deviation: 0.1 });
  const own = { ...aCalibration({ mean: 0.8, deviation: 0.05 }), scale: { min: 0.5, max: 2 } };
  const model = await aModel(db, world, { calibration, categoryCalibrations: { board: own } });
  expect(model.categoryCalibrations).toEqual([{ category: "board", ...own }]);
  const board = await aCase(db, world, { model, score: 0.85, category: "board" });
  const cap = await aCase(db, world, { model, score: 0.5, category: "cap" });
  expect(board.standardScore).toBeCloseTo(1);
  expect(cap.standardScore).toBeCloseTo(3);
  const page = await db.cases.list({ projectId: world.projectId, state: "all", limit: 9 });
  expect(page.rows.map(({ id }) => id)).toEqual([cap.id, board.id]);
  const view = (id: CaseRow["id"]) => db.cases.require(id, world.projectId);
  expect((await view(board.id)).model).toMatchObject({
    scale: own.scale,
    isCategoryScale: true,
  });
  expect((await view(cap.id)).model).toMatchObject({
    scale: calibration.scale,
    isCategoryScale: false,
  });
});

test("good parts that all score the same do not make every other score endless", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const model = await aModel(db, world, { calibration: aCalibration({ mean: 2, deviation: 0 }) });
  const { standardScore } = await aCase(db, world, { model, score: 3 });
  expect(standardScore).toBeCloseTo(500);
});
