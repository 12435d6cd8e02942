import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "@playwright/test";

import { DataPage } from "./pages/data-page.ts";
import { ModelsPage } from "./pages/models-page.ts";
import { signIn } from "./pages/sign-in.ts";
import { TrainPage } from "./pages/train-page.ts";
import { expectAccessible } from "./support/expect-accessible.ts";
import { makeWashers } from "./support/make-washers.ts";
import { test } from "./support/test.ts";
import { zipFolder } from "./support/zip-folder.ts";

const STEPS = 24;
const IMPORT_LIMIT_MS = 60_000;
/** Seconds on an idle machine; minutes on one that does ten other things. */
const TRAINING_LIMIT_MS = 240_000;

test("an engineer chooses CNC, changes a setting, and sees what it does", async ({
  browser,
  loupe,
}) => {
  test.setTimeout(2 * TRAINING_LIMIT_MS);
  const folder = await mkdtemp(join(tmpdir(), "loupe-method-"));
  const { page, context } = await signIn(browser, loupe.address, "engineer");
  try {
    await mkdir(join(folder, "pictures"));
    await makeWashers(join(folder, "pictures"));
    await zipFolder(join(folder, "pictures"), join(folder, "pictures.zip"));
    const data = new DataPage(page);
    const projectId = await data.createProject("Washers, by experts");
    await data.importZip(join(folder, "pictures.zip"));
    await expect(data.importOf("pictures.zip")).toContainText("Imported", {
      timeout: IMPORT_LIMIT_MS,
    });
    await data.freeze("For CNC");
    await expect(page.getByText("Frozen as version 1")).toBeVisible();

    const train = new TrainPage(page);
    await train.open(projectId);
    const dialog = await train.openDialog();
    await dialog.getByLabel("Encoder").selectOption("tiny");
    await dialog.getByLabel("Method").selectOption("CNC");
    await expect(dialog.getByText("tiny has no text tower")).toBeVisible();
    const estimate = dialog.getByRole("group", { name: "Estimate" });
    await expect(estimate).toContainText("GPU memory");
    await expect(estimate).toContainText("fits into 16 GiB");

    await dialog.getByRole("button", { name: "All settings" }).click();
    const width = dialog.getByLabel("Width", { exact: true });
    await width.fill("100");
    await expect(dialog.getByRole("alert")).toHaveText(
      "A whole number from 64 to 1536 in steps of 64.",
    );
    await expect(dialog.getByRole("button", { name: "Start run" })).toBeDisabled();
    await width.fill("64");
    await expect(dialog.getByText(/^1 of \d+ settings changed$/)).toBeVisible();
    await expectAccessible(page, 2);
    await dialog.getByLabel("Steps").fill(String(STEPS));
    await dialog.getByRole("button", { name: "Start run" }).click();
    await page.waitForURL(/\/train\/[0-9a-f-]+/);

    await train.expectStatus("Succeeded", TRAINING_LIMIT_MS);
    await expect.poll(() => train.drawnSteps()).toBe(STEPS);
    const curves = page.getByRole("group", { name: "Curves of the loss" }).getByRole("button");
    expect(await curves.count()).toBeGreaterThanOrEqual(3);
    await curves.nth(1).click();
    await expect(curves.nth(1)).toHaveAttribute("aria-pressed", "false");
    const experts = page.getByRole("list", { name: "Experts, newest share" }).getByRole("listitem");
    await expect(experts).toHaveCount(5);
    const shares = (await experts.allInnerTexts()).map((text) => Number(/(\d+) %/.exec(text)?.[1]));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeGreaterThan(90);
    const shareChart = page.getByRole("img", { name: "Share of the tokens by expert and step" });
    // Of steps that arrive together the newest brings its gauges; the others have them when read again.
    await expect(shareChart).toHaveAttribute("data-points", /^[1-9]/);

    const settings = page.getByRole("region", { name: "Settings" });
    await expect(settings).toContainText("1 changed");
    await expect(settings.locator("dl").first()).toContainText("Width");
    await expect(page.getByText("tiny has no text tower")).toBeVisible();
    await expectAccessible(page);
    await page.reload();
    await expect(shareChart).toHaveAttribute("data-points", String(STEPS));
    await expect(experts).toHaveCount(5);

    await page.getByRole("link", { name: "Open model" }).click();
    await expect(page.getByRole("region", { name: "Baseline" })).toContainText(
      "Nobody has measured the nearest neighbour",
    );
    await page.getByRole("button", { name: /Train one/ }).click();
    await page.waitForURL(/\/train\/[0-9a-f-]+/);
    await train.expectStatus("Succeeded", TRAINING_LIMIT_MS);
    await expect(page.getByRole("img", { name: "Covering radius by step" })).toBeVisible();
    await page.goBack();
    await expect(page.getByRole("region", { name: "Baseline" })).toContainText(
      /Baseline: nearest neighbour \d+\.\d/,
    );
    await expectAccessible(page);

    // The baseline is a version like any other, and takes nothing over until somebody says so.
    const models = new ModelsPage(page);
    await models.open(projectId);
    await expect(models.version(1)).toContainText("Active");
    await expect(models.version(2)).not.toContainText("Active");
    await expectAccessible(page);
    await models.makeActive(2);
    await expect(models.version(2)).toContainText("Active");
    await expect(models.version(1)).not.toContainText("Active");
    await page.goto(`/projects/${projectId}/inspect`);
    await expect(page.getByLabel("Model version").locator("option:checked")).toHaveText(
      /^2 .*\(active\)$/,
    );
    await expect(page.getByText("is not the active one")).toBeHidden();
    await page.getByLabel("Model version").selectOption({ index: 1 });
    await expect(page.getByText("Version 1 is not the active one")).toBeVisible();
  } finally {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test("a request past the form is refused with the setting's name", async ({ browser, loupe }) => {
  const { page, context } = await signIn(browser, loupe.address, "engineer");
  try {
    await page.goto("/");
    const answer = await page.evaluate(async () => {
      const ask = async (path: string, json: unknown) => {
        const response = await fetch(`/api/trpc/${path}`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ json }),
        });
        return response.text();
      };
      const id = "00000000-0000-7000-8000-000000000000";
      const made = await ask("projects.create", { name: "Refusals" });
      const projectId = /"id":"([0-9a-f-]+)"/.exec(made)?.[1];
      return ask("runs.start", {
        projectId,
        datasetVersionId: id,
        method: "cnc",
        encoder: "tiny",
        steps: 10,
        batch: 2,
        seed: 0,
        provider: "cpu",
        settings: { experts: 99 },
        idempotencyKey: crypto.randomUUID(),
      });
    });
    expect(answer).toContain("Setting experts of cnc");
    expect(answer).toContain("99");
  } finally {
    await context.close();
  }
});
