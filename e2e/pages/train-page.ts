import { expect, type Locator, type Page } from "@playwright/test";

type RunChoices = { readonly encoder: string; readonly steps: number };

/** Where runs are started and watched. */
export class TrainPage {
  constructor(readonly page: Page) {}

  async open(projectId: string): Promise<void> {
    await this.page.goto(`/projects/${projectId}/train`);
  }

  /** The dialog that plans a run. */
  async openDialog(): Promise<Locator> {
    await this.page.getByRole("button", { name: "New run" }).first().click();
    return this.page.getByRole("dialog");
  }

  async startRun({ encoder, steps }: RunChoices): Promise<void> {
    const dialog = await this.openDialog();
    await dialog.getByLabel("Encoder").selectOption(encoder);
    await dialog.getByLabel("Steps").fill(String(steps));
    await dialog.getByRole("button", { name: "Start run" }).click();
    await this.page.waitForURL(/\/train\/[0-9a-f-]+/);
  }

  /** How many steps the loss curve shows. */
  async drawnSteps(): Promise<number> {
    const points = await this.lossCurve().getAttribute("data-points");
    return Number(points ?? 0);
  }

  lossCurve(): Locator {
    return this.page.getByRole("img", { name: "Loss by step" });
  }

  probes(): Locator {
    return this.page.getByRole("img", { name: /^Anomaly map of .+ at step \d+/ });
  }

  /** The newest step at which a probe picture was looked at. */
  async probeStep(): Promise<number> {
    const step = await this.probes().first().getAttribute("data-step");
    return Number(step ?? -1);
  }

  async expectStatus(status: string, timeout: number): Promise<void> {
    await expect(
      this.page.getByRole("main").getByText(status, { exact: true }).first(),
    ).toBeVisible({ timeout });
  }
}
