import { expect, type Page } from "@playwright/test";

/** A model version with its figures. */
export class ModelPage {
  constructor(readonly page: Page) {}

  /** Open the model version of a project that has exactly one. */
  async openOnly(projectId: string): Promise<void> {
    await this.openNewestOf(projectId, 1);
  }

  /** Open the newest model version of a project that has so many. */
  async openNewestOf(projectId: string, versions: number): Promise<void> {
    await this.page.goto(`/projects/${projectId}/models`);
    const links = this.page.getByRole("main").getByRole("link", { name: /^Version \d+/ });
    await expect(links).toHaveCount(versions);
    await links.first().click();
    await this.page.waitForURL(/\/models\/[0-9a-f-]+/);
  }

  /** Image-level AUROC of a category between 0 and 1; the table shows per cent. */
  async imageAuroc(category: string): Promise<number> {
    const row = this.page.getByRole("row").filter({
      has: this.page.getByRole("rowheader", { name: category, exact: true }),
    });
    return Number(await row.getByRole("cell").first().innerText()) / 100;
  }
}
