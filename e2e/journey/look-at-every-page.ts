import { join } from "node:path";

import { expect } from "@playwright/test";
import sharp from "sharp";

import { environment } from "../env.ts";
import { ReviewPage } from "../pages/review-page.ts";
import { expectAccessible } from "../support/expect-accessible.ts";
import { REPOSITORY_ROOT } from "../support/repository-root.ts";
import { test } from "../support/test.ts";
import type { CurrentJourney } from "./journey.ts";

/** The pages of a project that has everything: accessible in both themes, and in the README. */
export function lookAtEveryPage(journey: CurrentJourney): void {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`every page is accessible in ${colorScheme} colours`, async () => {
      const { engineer, projectId } = journey();
      const { page } = engineer;
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      for (const path of ["review?state=all", "inspect", "data", "train", "models"]) {
        await page.goto(`/projects/${projectId}/${path}`);
        await expectAccessible(page);
        // The newest run and the newest model have pages of their own.
        const link = page.getByRole("main").getByRole("link", { name: /^(Run|Version) \d+/ });
        if ((await link.count()) === 0) continue;
        await link.first().click();
        await page.waitForURL(/(train|models)\/[0-9a-f-]+/);
        await expectAccessible(page);
      }
      await page.goto("/");
      await expectAccessible(page);
    });
  }

  // No check: it is there only where the picture is to be taken anew.
  if (!environment().isScreenshotWanted) return;
  test("two people at work make the picture of the README", async () => {
    const { engineer, reviewer, projectId } = journey();
    const mine = new ReviewPage(engineer.page);
    const theirs = new ReviewPage(reviewer.page);
    await engineer.page.emulateMedia({ colorScheme: "light" });
    await mine.open(projectId);
    await theirs.open(projectId);
    const [first = "", second = ""] = await mine.caseIds();
    await theirs.select(second);
    await mine.select(first);
    await expect(engineer.page.getByRole("list", { name: "Also here" })).toBeVisible();
    await engineer.page.waitForLoadState("networkidle");
    // A palette is a third of the size and looks the same.
    await sharp(await engineer.page.screenshot())
      .png({ palette: true, quality: 90 })
      .toFile(join(REPOSITORY_ROOT, "docs/images/review.png"));
  });
}
