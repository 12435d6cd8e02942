import {
  expect,
  type Browser,
  type BrowserContextOptions,
  type Locator,
  type Page,
} from "@playwright/test";

import { ReviewPage } from "../pages/review-page.ts";
import { chosenIn } from "./fast-fingers.ts";

const SCREENS = [
  { name: "phone", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  // What a window of 1440 × 900 has at 200 %.
  { name: "zoomed", viewport: { width: 720, height: 450 } },
];

type Point = { readonly x: number; readonly y: number };

/** Judge where the page is higher than the screen: buttons in reach, and past the picture. */
export async function judgeOnASmallScreen(
  browser: Browser,
  options: BrowserContextOptions,
  address: string,
): Promise<void> {
  for (const [i, { name, ...screen }] of SCREENS.entries()) {
    const context = await browser.newContext({ ...options, ...screen });
    const page = await context.newPage();
    await page.goto(address);
    const review = new ReviewPage(page);
    await expect(review.cases().first(), name).toBeVisible();
    const id = (await review.caseIds())[3 * i] ?? "";
    await review.case(id).click();
    await expect(review.case(id)).toHaveAttribute("aria-selected", "true");
    const verdicts = page.getByRole("group", { name: "Verdict" }).getByRole("button");
    await expect(verdicts).toHaveCount(3);
    for (const button of await verdicts.all()) {
      await expect(button, name).toBeInViewport({ ratio: 1 });
      expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(
        screen.hasTouch ? 44 : 24,
      );
    }
    const tooWide = await page.evaluate(() => {
      const roots = [document.documentElement, ...document.querySelectorAll("main")];
      return roots.some((root) => root.scrollWidth > root.clientWidth);
    });
    expect(tooWide, name).toBe(false);

    const picture = page.getByRole("application");
    await expect(picture, name).toBeInViewport({ ratio: 0.5 });
    await scrollPast(page, screen.hasTouch === true);
    await expect(picture, name).not.toBeInViewport({ ratio: 0.5 });
    await expect(page.getByRole("region", { name: "History" }), name).toBeInViewport();

    await verdicts.filter({ hasText: "Unsure" }).click();
    await expect(review.case(id), name).toContainText("Unsure");
    await judgeTheNext(review, verdicts, id);
    await context.close();
  }
}

/** A second verdict in a row, from where the page was left: on a picture that has come into view. */
async function judgeTheNext(
  review: ReviewPage,
  verdicts: Locator,
  previous: string,
): Promise<void> {
  const { page } = review;
  await expect.poll(() => chosenIn(page)).not.toBe(previous);
  const next = await chosenIn(page);
  await expect(page.getByRole("application")).toBeInViewport({ ratio: 0.5 });
  await review.expectDrawn();

  // What is typed is the name of a type, whatever its letters do on the page, and though the
  // types that are known come while it is typed.
  const types = /review\.defectTypes/;
  const onTheirWay: (() => void)[] = [];
  await page.route(types, async (route) => {
    await new Promise<void>((resolve) => onTheirWay.push(resolve));
    await route.continue();
  });
  await verdicts.filter({ hasText: "Defective" }).click();
  const form = page.getByRole("form", { name: "Defect type" });
  await expect(form.getByRole("textbox")).toBeFocused();
  await page.keyboard.type("u");
  for (const letGo of onTheirWay) letGo();
  await expect(form.getByRole("radio").first()).toBeAttached();
  await page.keyboard.type(" odd burr 3");
  await expect(form.getByRole("textbox")).toHaveValue("u odd burr 3");
  expect(await chosenIn(page)).toBe(next);
  await expect(review.case(previous)).toContainText("Unsure");
  await page.keyboard.press("Enter");
  await expect(review.lastVerdict()).toContainText("Defective (u odd burr 3)");
  await expect.poll(() => chosenIn(page)).not.toBe(next);
  await expect(page.getByRole("application")).toBeInViewport({ ratio: 0.5 });
}

/** Scroll with the pointer on the picture, as someone does whose screen it fills. */
async function scrollPast(page: Page, isTouch: boolean): Promise<void> {
  const box = await page.getByRole("application").boundingBox();
  if (box === null) throw new Error("Expected the picture to have a place on the page");
  const at = { x: box.x + box.width / 2, y: box.y + 40 };
  if (!isTouch) {
    await page.mouse.move(at.x, at.y);
    // In steps: the picture leaves from under the pointer on the way.
    for (let i = 0; i < 10; i++) await page.mouse.wheel(0, 200);
    return;
  }
  const devtools = await page.context().newCDPSession(page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", touchPoints: Point[]) =>
    devtools.send("Input.dispatchTouchEvent", { type, touchPoints });
  for (let i = 0; i < 4; i++) {
    await touch("touchStart", [{ x: at.x, y: at.y + 200 }]);
    for (let moved = 20; moved <= 200; moved += 20) {
      await touch("touchMove", [{ x: at.x, y: at.y + 200 - moved }]);
    }
    await touch("touchEnd", []);
  }
}
