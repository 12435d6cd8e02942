import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** The tags of WCAG 2.1, levels A and AA. */
const WCAG_21_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];

/**
 * Fail with every rule that the page breaks, and where.
 *
 * @param level of the heading that shows that the page is there; a dialog's is 2, and hides the rest
 */
export async function expectAccessible(page: Page, level: 1 | 2 = 1): Promise<void> {
  await expect(page.getByRole("heading", { level }).first()).toBeVisible();
  await page.waitForLoadState("networkidle");
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG_21_AA).analyze();
  const found = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    where: nodes.map((node) => node.html.slice(0, 160)),
  }));
  expect(found, page.url()).toEqual([]);
}
