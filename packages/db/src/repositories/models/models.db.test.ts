import { expect, test } from "vitest";

import {
  aCalibration,
  aDatasetVersion,
  aHash,
  aRun,
  aWorld,
  testDatabase,
} from "../../testing/index.ts";

const database = testDatabase();

test("the baseline is the newest measured model of its method that knows the category", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const datasetVersionId = (await aDatasetVersion(db, world)).id;
  const measured = async (run: { method: string; category: string | null }, isMeasured = true) => {
    const { id } = await aRun(db, world, { ...run, datasetVersionId });
    const { lease } = (await db.runs.claim(id, "worker-1"))!;
    const { model } = await db.models.create({
      runId: id,
      sha256: aHash(),
      sizeBytes: 1,
      calibration: aCalibration(),
      categoryCalibrations: {},
      provider: "cpu",
      trainSeconds: 1,
    });
    if (isMeasured) {
      const figures = { meanImageAuroc: 0.9, meanPixelAuroc: null, secondsPerImage: 1 };
      const pair = { modelVersionId: model.id, datasetVersionId };
      await db.evaluations.create({ ...pair, ...figures, categories: [] });
    }
    await db.runs.finish(lease, { status: "failed", error: "only its model matters here" });
    return model;
  };
  const baseline = async (category: string | null) =>
    (
      await db.models.newestOf({
        projectId: world.projectId,
        datasetVersionId,
        method: "bank",
        category,
      })
    )?.id ?? null;
  expect(await baseline(null)).toBeNull();

  const all = await measured({ method: "bank", category: null });
  await measured({ method: "rd", category: null });
  await measured({ method: "bank", category: null }, false);
  const cap = await measured({ method: "bank", category: "cap" });
  expect(await baseline(null)).toBe(all.id);
  expect(await baseline("cap")).toBe(cap.id);
  expect(await baseline("board")).toBe(all.id);
});
