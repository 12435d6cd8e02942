import { join } from "node:path";

import { expect } from "@playwright/test";

import { InspectPage } from "../pages/inspect-page.ts";
import { ReviewPage } from "../pages/review-page.ts";
import { signIn } from "../pages/sign-in.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { test } from "../support/test.ts";
import { chosenIn, pressed, verdictsIn } from "./fast-fingers.ts";
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
    // The cases after it are fetched little by little, so that reviewing goes on without a line.
    await reviewer.page.waitForLoadState("networkidle");
    await reviewer.context.setOffline(true);
    await theirs.expectConnection("offline", UNASKED_LIMIT_MS);
    for (const key of ["j", "j", "j", "k", "k", "k"]) {
      await reviewer.page.keyboard.press(key);
      await theirs.expectDrawn();
    }
    await expect(theirs.case(fourth)).toHaveAttribute("aria-selected", "true");
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

    // What was refused is there until its author has dealt with it, wherever the case went.
    await reviewer.page.reload();
    const refused = reviewer.page.getByRole("region", { name: "Verdicts that were not accepted" });
    await expect(refused).toContainText("1 of your verdicts was not accepted");
    await refused.getByRole("button").click();
    await theirs.expectDrawn();
    await refusal.getByRole("button", { name: "Vote again" }).click();
    await expect(theirs.overturnDialog()).toContainText("Demo engineer");
    await theirs.overturn("Only dust, gone after cleaning.");
    await expect(refused).toBeHidden();
    await expect(mine.case(fourth)).toContainText("Good", { timeout: UNASKED_LIMIT_MS });
    await mine.select(fourth);
    const history = engineer.page.getByRole("region", { name: "History" });
    await expect(history.getByRole("listitem")).toHaveCount(2);
    await expect(history).toContainText("Overturned: Only dust, gone after cleaning.");
  });

  test("a key overturns nobody's decision unasked, and a slip is taken back", async () => {
    const { engineer, reviewer } = journey();
    const mine = new ReviewPage(engineer.page);
    const theirs = new ReviewPage(reviewer.page);
    const ids = await mine.caseIds();
    const [, , third = "", , , , , eighth = ""] = ids;
    await theirs.select(third);
    await reviewer.page.keyboard.press("1");
    await expect(theirs.overturnDialog()).toContainText("Demo engineer");
    await expect(theirs.overturnDialog()).toContainText("decided defective (worn edge)");
    await theirs.overturnDialog().getByRole("button", { name: "Leave it as it is" }).click();
    await expect(mine.case(third)).toContainText("worn edge");

    await theirs.select(eighth);
    await theirs.decide("Good");
    await expect(theirs.lastVerdict()).toContainText(/^Good: .+Undo/);
    await reviewer.page.keyboard.press("u");
    await expect(theirs.case(eighth)).toHaveAttribute("aria-selected", "true");
    await mine.select(eighth);
    await expect(engineer.page.getByRole("region", { name: "History" })).toContainText(
      "withdrawn",
      { timeout: UNASKED_LIMIT_MS },
    );
    await expect(mine.case(eighth)).toContainText("open");
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
    const goneOnTo = await chosenIn(page);

    onTheirWay[0]?.();
    await expect(theirs.case(sixth)).toContainText("Unsure", { timeout: UNASKED_LIMIT_MS });
    await expect(mine.case(sixth)).toContainText("Unsure");
    onTheirWay[1]?.();
    await expect(theirs.case(seventh)).toContainText("Unsure", { timeout: UNASKED_LIMIT_MS });
    expect(await chosenIn(page)).toBe(goneOnTo);
    await page.unroute(isVerdict);
  });

  // A late answer moved people on, and the next key decided a case that they had not chosen.
  test("however late answers come, fast fingers decide only what they see", async () => {
    const { engineer, projectId } = journey();
    const { page } = engineer;
    const random = seededRandom(21);
    const pause = (limitMs: number): Promise<void> =>
      page.waitForTimeout(Math.floor(random() * limitMs));
    await page.route(/\/api\/(trpc|images|predictions)\//, async (route) => {
      await pause(400);
      await route.continue();
    });
    const given: string[] = [];
    page.on("request", (request) => given.push(...verdictsIn(request)));
    const review = new ReviewPage(page);
    await review.open(projectId);
    await review.expectDrawn();
    const ids = await review.caseIds();

    const [before, after] = [await pressed(page, "k"), await pressed(page, "j", "j")];
    expect(ids.indexOf(after.chosen)).toBe(ids.indexOf(before.chosen) + 2);
    const decided: string[] = [];
    for (let turn = 0; turn < 24; turn++) {
      const at = Math.floor(random() * ids.length);
      if (random() < 0.6) await review.case(ids[at] ?? "").click();
      else await pressed(page, random() < 0.5 ? "j" : "k");
      await pause(random() < 0.5 ? 60 : 600);
      const { seen, chosen } = await pressed(page, "3");
      if (seen !== null) decided.push(seen);
      await pause(250);
      // Only the key itself moves its person on.
      expect(await chosenIn(page)).toBe(chosen);
      await page.keyboard.press("Escape");
    }
    await page.waitForLoadState("networkidle");
    expect(given.length).toBeGreaterThan(2);
    // Decided cases ask for a reason instead; what was given is what was seen, in that order.
    const rest = [...decided];
    for (const id of given) {
      const next = rest.indexOf(id);
      expect(next, `a verdict on ${id}, which was not on the screen`).toBeGreaterThanOrEqual(0);
      rest.splice(0, next + 1);
    }
    await page.unrouteAll({ behavior: "wait" });
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
