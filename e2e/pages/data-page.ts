import { expect, type Locator, type Page } from "@playwright/test";

/** Where pictures are imported and frozen. */
export class DataPage {
  constructor(readonly page: Page) {}

  /** By keyboard once the dialog is open: it begins at its field. */
  async createProject(name: string): Promise<string> {
    await this.page.getByRole("button", { name: "New project" }).first().click();
    await expect(this.page.getByLabel("Project name")).toBeFocused();
    await this.page.keyboard.type(name);
    await this.page.keyboard.press("Enter");
    await this.page.waitForURL(/\/projects\/[0-9a-f-]+\/data/);
    return /\/projects\/([0-9a-f-]+)\//.exec(this.page.url())?.[1] ?? "";
  }

  async importZip(file: string): Promise<void> {
    await this.page.getByLabel("Choose a zip").setInputFiles(file);
  }

  /** The line of an import, found by its file's name. */
  importOf(fileName: string): Locator {
    return this.page.getByRole("listitem").filter({ hasText: fileName });
  }

  async openReport(fileName: string): Promise<Locator> {
    await this.page.getByRole("button", { name: `Report of ${fileName}` }).click();
    return this.page.getByRole("dialog");
  }

  /** The cells of a category's row: train good, test good, test defective, masks, in no split. */
  async counts(category: string): Promise<string[]> {
    const row = this.page.getByRole("row").filter({
      has: this.page.getByRole("rowheader", { name: category, exact: true }),
    });
    await expect(row).toBeVisible();
    return row.getByRole("cell").allInnerTexts();
  }

  async freeze(name: string): Promise<void> {
    await this.page.getByRole("button", { name: "Freeze version" }).click();
    await this.page.getByLabel("Version name").fill(name);
    await this.page.getByRole("button", { name: "Freeze", exact: true }).click();
  }
}
