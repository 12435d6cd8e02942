import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "@playwright/test";
import sharp from "sharp";

import { signIn } from "../pages/sign-in.ts";
import { test } from "../support/test.ts";
import { zipFolder } from "../support/zip-folder.ts";
import type { Journey, JourneyWorld } from "./journey.ts";
import { learnFromPictures } from "./learn-from-pictures.ts";
import { lookAtEveryPage } from "./look-at-every-page.ts";
import { reviewTogether } from "./review-together.ts";

/**
 * The main job from pictures to verdicts, by two people in two browsers.
 *
 * The tests are steps of one journey on one project: each begins where the
 * one before it ended, and after a failure the rest is not tried.
 */
export function defineJourney(world: JourneyWorld): void {
  test.describe.configure({ mode: "serial" });

  let begun: Journey | null = null;
  const journey = (): Journey => {
    if (begun === null) throw new Error("Expected the journey to have begun.");
    return begun;
  };

  test.beforeAll(async ({ browser, loupe }) => {
    const folder = await mkdtemp(join(tmpdir(), "loupe-pictures-"));
    await mkdir(join(folder, "pictures"));
    const pictures = await world.makePictures(join(folder, "pictures"));
    await zipFolder(join(folder, "pictures"), join(folder, "pictures.zip"));
    await writeFile(join(folder, "broken.zip"), "this is no archive");
    await sharp(join(folder, "pictures", pictures.sample))
      .flop()
      .toFile(join(folder, "new.jpg"));
    const engineer = await signIn(browser, loupe.address, "engineer");
    const reviewer = await signIn(browser, loupe.address, "reviewer");
    begun = { world, folder, pictures, engineer, reviewer, projectId: "" };
  });

  test.afterAll(async () => {
    if (begun === null) return;
    for (const { context } of [begun.engineer, begun.reviewer]) await context.close();
    await rm(begun.folder, { recursive: true, force: true });
  });

  learnFromPictures(journey);
  reviewTogether(journey);
  if (world.isEveryPageChecked) lookAtEveryPage(journey);

  test("no page tried what its own policy forbids", () => {
    const { engineer, reviewer } = journey();
    expect([...engineer.breaches, ...reviewer.breaches]).toEqual([]);
  });
}
