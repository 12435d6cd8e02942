import type { Locator, Page } from "@playwright/test";

/** The model versions of a project, and which of them scores for the team. */
export class ModelsPage {
  constructor(readonly page: Page) {}

  async open(projectId: string): Promise<void> {
    await this.page.goto(`/projects/${projectId}/models`);
  }

  /** The head of a version's row: its name and marks. */
  version(number: number): Locator {
    return this.page.getByRole("rowheader", { name: new RegExp(`^Version ${number}\\b`) });
  }

  async makeActive(number: number): Promise<void> {
    const name = `Make version ${number} active`;
    await this.page.getByRole("button", { name }).click();
    await this.page.getByRole("alertdialog").getByRole("button", { name }).click();
  }
}
