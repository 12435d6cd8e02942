import type { Page, Request } from "@playwright/test";

export type Pressed = {
  /** The case that stood completely on the screen as the key came, or null while one was loading. */
  readonly seen: string | null;
  /** The case that is chosen right after it. */
  readonly chosen: string;
};

/** Press keys in one go, and say what was on the screen in that very moment, which later is gone. */
export function pressed(page: Page, ...keys: string[]): Promise<Pressed> {
  return page.evaluate((all) => {
    const address = (): string => new URL(window.location.href).searchParams.get("case") ?? "";
    const isDrawn = document.querySelector('[aria-label="Viewer"]')?.ariaBusy === "false";
    const row = document.querySelector('[role="option"][aria-selected="true"]');
    if (row === null) throw new Error("Expected the chosen case in the list, found none");
    const name = row.querySelector("p")?.textContent;
    const isPanelThere = document.querySelector('[aria-label="Case"] h2')?.textContent === name;
    const shown = `case-${address()}`;
    const seen = isDrawn && isPanelThere && row.id === shown ? shown : null;
    for (const key of all) {
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    }
    return { seen, chosen: `case-${address()}` };
  }, keys);
}

/** The case that is chosen, from the address, which is written at once. */
export function chosenIn(page: Page): Promise<string> {
  return page.evaluate(
    () => `case-${new URL(window.location.href).searchParams.get("case") ?? ""}`,
  );
}

/** The cases on which a request gives verdicts. */
export function verdictsIn(request: Request): string[] {
  if (!request.url().includes("review.verdict")) return [];
  const calls = JSON.parse(request.postData() ?? "{}") as Record<
    string,
    { json: { caseId: string } }
  >;
  return Object.values(calls).map(({ json }) => `case-${json.caseId}`);
}
