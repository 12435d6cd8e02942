import type { Locator, Page } from "@playwright/test";

/** Where new pictures are scored with a model version. */
export class InspectPage {
  constructor(readonly page: Page) {}

  async open(projectId: string): Promise<void> {
    await this.page.goto(`/projects/${projectId}/inspect`);
  }

  async score(files: readonly string[]): Promise<void> {
    await this.page.getByLabel("Choose pictures").setInputFiles([...files]);
  }

  inspection(name: string): Locator {
    return this.page.getByRole("listitem").filter({ hasText: name });
  }
}
