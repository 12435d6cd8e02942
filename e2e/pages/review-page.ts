import { expect, type Locator, type Page } from "@playwright/test";

export type VerdictWord = "Good" | "Defective" | "Unsure";

/** The queue, the viewer, and the panel in which verdicts are given. */
export class ReviewPage {
  constructor(readonly page: Page) {}

  /** Open the queue with all cases, decided or not, so that nothing leaves it while we look. */
  async open(projectId: string): Promise<void> {
    await this.page.goto(`/projects/${projectId}/review?state=all`);
    await expect(this.cases().first()).toBeVisible();
    await this.expectConnection("live");
  }

  /** The cases in sight, in the order of the queue. */
  cases(): Locator {
    return this.page.getByRole("listbox", { name: "Cases" }).getByRole("option");
  }

  /** Names by which both people's pages know the cases in sight; file names may repeat. */
  async caseIds(): Promise<string[]> {
    return this.cases().evaluateAll((options) => options.map((option) => option.id));
  }

  /** Standard scores of the cases in sight, in the order of the queue. */
  async scores(): Promise<number[]> {
    const texts = await this.cases()
      .getByText(/^deviations above good parts/)
      .locator("xpath=..")
      .allInnerTexts();
    return texts.map((text) => Number(text.replace("−", "-").replace(/[^0-9.-]/g, "")));
  }

  case(id: string): Locator {
    return this.page.locator(`[role="option"][id="${id}"]`);
  }

  async select(id: string): Promise<void> {
    await this.case(id).click();
    await expect(this.case(id)).toHaveAttribute("aria-selected", "true");
    await expect(this.verdicts().getByRole("button", { name: /^Good/ })).toBeEnabled();
    await this.expectDrawn();
  }

  /** Picture and panel of the chosen case are on the screen: from now on the keys decide it. */
  async expectDrawn(): Promise<void> {
    await expect(this.page.getByRole("region", { name: "Viewer" })).toHaveAttribute(
      "aria-busy",
      "false",
    );
  }

  /** What the last key did, in words. */
  lastVerdict(): Locator {
    return this.page.getByRole("status", { name: "Last verdict" });
  }

  /** The dialog that asks for a reason before a decision is overturned. */
  overturnDialog(): Locator {
    return this.page.getByRole("dialog", { name: /^Overturn the decision/ });
  }

  async overturn(reason: string): Promise<void> {
    const dialog = this.overturnDialog();
    await dialog.getByRole("textbox", { name: "Reason" }).fill(reason);
    await dialog.getByRole("button", { name: /^Overturn:/ }).click();
    await expect(dialog).toBeHidden();
  }

  verdicts(): Locator {
    return this.page.getByRole("region", { name: "Your verdict" });
  }

  /** Give a verdict by keyboard, as someone who does this all day. */
  async decide(word: VerdictWord, defectType?: string): Promise<void> {
    await this.page.keyboard.press({ Good: "1", Defective: "2", Unsure: "3" }[word]);
    if (defectType === undefined) return;
    const form = this.page.getByRole("form", { name: "Defect type" });
    await form.getByRole("textbox").fill(defectType);
    await this.page.keyboard.press("Enter");
  }

  async expectConnection(state: "live" | "offline", timeout = 15_000): Promise<void> {
    await expect(this.page.getByRole("status", { name: "Connection" })).toHaveText(state, {
      timeout,
    });
  }
}
