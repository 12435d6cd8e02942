import { expect } from "@playwright/test";

import { comeBackAfterSigningIn } from "./journey/come-back-after-signing-in.ts";
import { judgeOnASmallScreen } from "./journey/judge-on-a-small-screen.ts";
import { ModelPage } from "./pages/model-page.ts";
import { ModelsPage } from "./pages/models-page.ts";
import { ReviewPage } from "./pages/review-page.ts";
import { signIn } from "./pages/sign-in.ts";
import { makeHome } from "./support/start-loupe.ts";
import { test } from "./support/test.ts";

/** Seconds on an idle machine; minutes on one that does ten other things. */
const PREPARED_WITHIN_MS = 400_000;

test("the first start shows a project with a trained model and cases in every state", async ({
  browser,
  startOwn,
}) => {
  test.setTimeout(2 * PREPARED_WITHIN_MS);
  const loupe = await startOwn(await makeHome(), "tiny");
  const { context, page } = await signIn(browser, loupe.address, "reviewer");
  await page.getByRole("link", { name: /Demo line/ }).click();
  await page.waitForURL(/\/projects\/[0-9a-f-]+\//);
  const projectId = /\/projects\/([0-9a-f-]+)\//.exec(page.url())?.[1] ?? "";

  // It tells what it is doing until it is done, and no page has to be loaded again for that.
  const preparing = page.getByRole("region", { name: "The demo is being prepared" });
  await expect(preparing).toBeVisible();
  await expect(preparing.getByRole("progressbar")).toBeVisible();
  await expect(preparing).toBeHidden({ timeout: PREPARED_WITHIN_MS });

  const model = new ModelPage(page);
  await model.openNewestOf(projectId, 2);
  expect(await model.imageAuroc("gasket")).toBeGreaterThanOrEqual(0);

  const models = new ModelsPage(page);
  await models.open(projectId);
  await expect(models.version(2)).toContainText("Active");
  await expect(page.getByRole("button", { name: /^Make version/ })).toHaveCount(0);

  // A program gets the same list as a person.
  const listed = await page.request.get(`${loupe.address}/api/v1/projects`);
  expect(await listed.json()).toMatchObject({ projects: [{ id: projectId, name: "Demo line" }] });

  const review = new ReviewPage(page);
  await page.goto(`/projects/${projectId}/review?state=decided`);
  await expect(review.cases().first()).toBeVisible();
  const history = page.getByRole("region", { name: "History" });
  const seen: string[] = [];
  for (const id of await review.caseIds()) {
    await review.select(id);
    await page.waitForLoadState("networkidle");
    await expect(history).toContainText("decided");
    seen.push(await history.innerText());
  }
  const all = seen.join("\n");
  expect(all).toMatch(/Reviewer North\s+decided defective/);
  expect(all).toMatch(/decided good/);
  expect(all).toMatch(/was unsure/);
  expect(all).toMatch(/Plant (North|South|West)/);

  await page.goto(`/projects/${projectId}/review`);
  await expect(review.cases().first()).toBeVisible();
  await expect(review.cases().filter({ hasText: "open" }).first()).toBeVisible();

  await page.goto(`/projects/${projectId}/inspect`);
  await expect(
    page.getByRole("listitem").filter({ hasText: "Plant South, first shift" }),
  ).toBeVisible();

  const address = `/projects/${projectId}/review?category=gasket`;
  await test.step("a link keeps its case and filter through a sign-in", async () => {
    await comeBackAfterSigningIn(browser, loupe.address, `${address}&state=all`);
  });
  await test.step("every verdict is in reach on a phone and at 200 %", async () => {
    const state = await context.storageState();
    await judgeOnASmallScreen(browser, { baseURL: loupe.address, storageState: state }, address);
  });
  await context.close();
  await loupe.stop();
});
