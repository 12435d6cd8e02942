import { join } from "node:path";

import { expect } from "@playwright/test";

import { InspectPage } from "../pages/inspect-page.ts";
import { ReviewPage } from "../pages/review-page.ts";
import { signIn } from "../pages/sign-in.ts";
import { test } from "../support/test.ts";
import { type CurrentJourney, IMPORT_LIMIT_MS, UNASKED_LIMIT_MS } from "./journey.ts";

/** Two people judge one queue: live, offline and on a slow line; new pictures; one who only reads. */
export function reviewTogether(journey: CurrentJourney): void {
  test("the queue begins with what looks most anomalous", async () => {
    const { pictures, engineer, projectId } = journey();
    const review = new ReviewPage(engineer.page);
    await review.open(projectId);
    await expect(review.cases().first()).toHaveAttribute(
      "aria-setsize",
      String(pictures.testGood + pictures.testDefective),
    );
    const scores = await review.scores();
    expect(scores.length).toBeGreaterThan(3);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    // The keys belong to the case that is open; before it is there, they have nothing to show.
    const truth = engineer.page.getByRole("region", { name: "Ground truth" });
    await expect(truth).toBeVisible();
    await engineer.page.keyboard.press("g");
    await expect(truth).toContainText("Labelled");
  });

  test("a colleague sees who looks at what, and every verdict as it is given", async () => {
    const { engineer, reviewer, projectId } = journey();
    const mine = new ReviewPage(engineer.page);
    const theirs = new ReviewPage(reviewer.page);
    await theirs.open(projectId);
    const [first = "", second = "", third = ""] = await mine.caseIds();

    await mine.select(first);
    await theirs.select(first);
    await expect(reviewer.page.getByText("Demo engineer is on this image")).toBeVisible();
    await mine.select(second);
    await expect(reviewer.page.getByText("Demo engineer is on this image")).toBeHidden();

    await mine.decide("Good");
    await expect(theirs.case(second)).toContainText("Good", { timeout: UNASKED_LIMIT_MS });
    await mine.select(third);
    await mine.decide("Defective", "worn edge");
    await expect(theirs.case(third)).toContainText("worn edge", { timeout: UNASKED_LIMIT_MS });
    await theirs.decide("Unsure");
    await expect(mine.case(first)).toContainText("Unsure", { timeout: UNASKED_LIMIT_MS });
  });

  test("someone who was offline catches up and overwrites nobody unseen", async () => {
    const { engineer, reviewer } = journey();
    const mine = new ReviewPage(engineer.page);
    const theirs = new ReviewPage(reviewer.page);
    const [, , , fourth = "", fifth = ""] = await mine.caseIds();
    await theirs.select(fourth);
    await reviewer.context.setOffline(true);
    await theirs.expectConnection("offline", UNASKED_LIMIT_MS);
    await theirs.decide("Good");
    await expect(theirs.case(fourth)).toContainText("waiting to be sent");

    await mine.select(fourth);
    await mine.decide("Defective", "foreign body");
    await expect(mine.case(fourth)).toContainText("foreign body");
    await mine.select(fifth);
    await mine.decide("Unsure");
    await expect(mine.case(fifth)).toContainText("Unsure");

    await reviewer.context.setOffline(false);
    await theirs.expectConnection("live");
    await expect(theirs.case(fifth)).toContainText("Unsure");
    await expect(theirs.case(fourth)).toContainText("not saved");
    await theirs.case(fourth).click();
    const refusal = reviewer.page.getByRole("alert").filter({ hasText: "was not saved" });
    await expect(refusal).toContainText("Demo engineer decided defective (foreign body)");
    await expect(refusal).toContainText("Your choice is kept: good");
    await expect(mine.case(fourth)).toContainText("foreign body");

    await refusal.getByRole("button", { name: "Vote again" }).click();
    await expect(mine.case(fourth)).toContainText("Good", { timeout: UNASKED_LIMIT_MS });
    await mine.select(fourth);
    const history = engineer.page.getByRole("region", { name: "History" });
    await expect(history.getByRole("listitem")).toHaveCount(2);
  });

  // Keys for the next case were lost while a verdict was on its way, and its answer moved people on.
  test("someone on a slow line judges on, and is not moved by a late answer", async () => {
    const { engineer, reviewer } = journey();
    const { page } = engineer;
    const mine = new ReviewPage(page);
    const theirs = new ReviewPage(reviewer.page);
    const [sixth = "", seventh = ""] = (await mine.caseIds()).slice(5);
    const onTheirWay: (() => void)[] = [];
    const isVerdict = (url: URL): boolean => url.pathname.includes("review.verdict");
    await page.route(isVerdict, async (route) => {
      await new Promise<void>((resolve) => onTheirWay.push(resolve));
      await route.continue();
    });

    await mine.select(sixth);
    await mine.decide("Unsure");
    await expect.poll(() => onTheirWay.length).toBe(1);
    await mine.select(seventh);
    await mine.decide("Unsure");
    await expect.poll(() => onTheirWay.length).toBe(2);

    onTheirWay[0]?.();
    await expect(theirs.case(sixth)).toContainText("Unsure", { timeout: UNASKED_LIMIT_MS });
    await expect(mine.case(sixth)).toContainText("Unsure");
    await expect(mine.case(seventh)).toHaveAttribute("aria-selected", "true");
    onTheirWay[1]?.();
    await expect(theirs.case(seventh)).toContainText("Unsure", { timeout: UNASKED_LIMIT_MS });
    await page.unroute(isVerdict);
  });

  test("an engineer scores new pictures and finds them in the queue", async () => {
    const { folder, engineer, projectId } = journey();
    const inspect = new InspectPage(engineer.page);
    await inspect.open(projectId);
    await inspect.score([join(folder, "new.jpg")]);
    const inspection = inspect.inspection("1 image");
    await expect(inspection).toContainText("1 image scored", { timeout: IMPORT_LIMIT_MS });
    await inspection.getByRole("link").click();
    await expect(new ReviewPage(engineer.page).cases()).toHaveCount(1);
    await expect(engineer.page.getByRole("complementary", { name: "Case" })).toContainText(
      "new.jpg",
    );
  });

  test("a viewer reads everything and judges nothing", async ({ browser, loupe }) => {
    const { projectId } = journey();
    const viewer = await signIn(browser, loupe.address, "viewer");
    const review = new ReviewPage(viewer.page);
    await review.open(projectId);
    await expect(viewer.page.getByRole("complementary", { name: "Case" })).toBeVisible();
    await expect(review.verdicts()).toHaveCount(0);
    await viewer.page.goto(`/projects/${projectId}/data`);
    await expect(viewer.page.getByRole("heading", { name: "Categories" })).toBeVisible();
    await expect(viewer.page.getByRole("button", { name: "Freeze version" })).toHaveCount(0);
    await viewer.context.close();
  });
}
