import { join } from "node:path";

import { expect } from "@playwright/test";

import { DataPage } from "../pages/data-page.ts";
import { ModelPage } from "../pages/model-page.ts";
import { TrainPage } from "../pages/train-page.ts";
import { test } from "../support/test.ts";
import { type CurrentJourney, IMPORT_LIMIT_MS, UNASKED_LIMIT_MS } from "./journey.ts";

/** Seconds on an idle machine; minutes on one that does ten other things. */
const TRAINING_LIMIT_MS = 400_000;
/** A run keeps a checkpoint every so many steps; its worker is killed after the first. */
const FIRST_CHECKPOINT = 50;

/** From a zip to a model version: import, freeze, train, and lose the worker on the way. */
export function learnFromPictures(journey: CurrentJourney): void {
  test("an engineer imports a zip and reads what became of every file", async () => {
    const { world, folder, pictures, engineer } = journey();
    const data = new DataPage(engineer.page);
    journey().projectId = await data.createProject(world.projectName);

    await data.importZip(join(folder, "broken.zip"));
    await expect(
      engineer.page
        .getByText(/zip/i)
        .filter({ hasText: /not|expected/i })
        .first(),
    ).toBeVisible();

    await data.importZip(join(folder, "pictures.zip"));
    const done = data.importOf("pictures.zip");
    await expect(done).toContainText("Imported", { timeout: IMPORT_LIMIT_MS });
    const images = pictures.trainGood + pictures.testGood + pictures.testDefective;
    await expect(done).toContainText(`${images + pictures.testDefective} accepted`);
    const counts = [
      pictures.trainGood,
      pictures.testGood,
      pictures.testDefective,
      pictures.testDefective,
      0,
    ];
    // The table is asked for again a moment after the import's row has changed.
    await expect.poll(() => data.counts(pictures.category)).toEqual(counts.map(String));
    const report = await data.openReport("pictures.zip");
    await expect(report).toContainText(`${pictures.category}/train/good/`);
    await engineer.page.keyboard.press("Escape");
  });

  test("the same zip again adds nothing", async () => {
    const { folder, pictures, engineer } = journey();
    const data = new DataPage(engineer.page);
    await data.importZip(join(folder, "pictures.zip"));
    await expect(
      data.importOf("pictures.zip").filter({ hasText: "duplicate" }).first(),
    ).toContainText("Imported", { timeout: IMPORT_LIMIT_MS });
    const [trainGood] = await data.counts(pictures.category);
    expect(trainGood).toBe(String(pictures.trainGood));
  });

  test("the engineer freezes a version, and an unchanged dataset is not frozen twice", async () => {
    const { engineer } = journey();
    const data = new DataPage(engineer.page);
    await data.freeze("First shift");
    await expect(engineer.page.getByText("Frozen as version 1")).toBeVisible();
    await expect(engineer.page.getByText("1 · First shift")).toBeVisible();
    await data.freeze("Again");
    await expect(engineer.page.getByText("Already frozen as version 1")).toBeVisible();
  });

  test("both watch the run learn, and it survives the death of its worker", async ({ loupe }) => {
    const { world, engineer, reviewer, projectId } = journey();
    test.setTimeout(3 * TRAINING_LIMIT_MS);
    const mine = new TrainPage(engineer.page);
    await mine.open(projectId);
    await mine.startRun({ encoder: world.encoder, steps: world.steps });
    const theirs = new TrainPage(reviewer.page);
    await reviewer.page.goto(engineer.page.url());

    await expect
      .poll(() => mine.drawnSteps(), { timeout: TRAINING_LIMIT_MS, intervals: [100] })
      .toBeGreaterThan(FIRST_CHECKPOINT);
    await expect.poll(() => theirs.drawnSteps()).toBeGreaterThan(0);
    await expect(mine.probes().first()).toBeVisible();
    const earlyProbe = await mine.probeStep();

    process.kill((await loupe.pids()).worker, "SIGKILL");

    await mine.expectStatus("Succeeded", TRAINING_LIMIT_MS);
    await theirs.expectStatus("Succeeded", UNASKED_LIMIT_MS);
    expect(loupe.output()).toContain("The worker ended (signal SIGKILL)");
    // The first checkpoint or a later one: the run learned on while this test looked at it.
    await expect(
      engineer.page.getByRole("list", { name: "What happened on the way" }),
    ).toContainText(/Resumed from the checkpoint of step [1-9]\d+\./);
    // Every step once: no gap where the worker died, and none drawn twice.
    await expect.poll(() => mine.drawnSteps()).toBe(world.steps);
    await expect.poll(() => theirs.drawnSteps()).toBe(world.steps);
    await expect.poll(() => mine.probeStep()).toBeGreaterThan(earlyProbe);
    await engineer.page.reload();
    await expect.poll(() => mine.drawnSteps()).toBe(world.steps);
  });

  test("the model version says how good it is and where it comes from", async () => {
    const { world, pictures, engineer, projectId } = journey();
    const model = new ModelPage(engineer.page);
    await model.openOnly(projectId);
    const quality = await model.imageAuroc(pictures.category);
    expect(quality).toBeGreaterThanOrEqual(world.leastImageAuroc);
    expect(quality).toBeLessThanOrEqual(1);
    await expect(engineer.page.getByText("1 · First shift").first()).toBeVisible();
    await expect(engineer.page.getByText("run 1", { exact: true })).toBeVisible();
  });
}
