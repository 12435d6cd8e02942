import { expect, type Browser, type BrowserContext, type Page } from "@playwright/test";

/** A person at a browser of their own. */
export type Person = {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What a page tried that its own content security policy forbids; it should stay empty. */
  readonly breaches: readonly string[];
};

const PASSWORD = "loupe-demo";

export type DemoAccount = "owner" | "engineer" | "reviewer" | "reviewer2" | "viewer";

/** Open a browser for one of the demo people and sign in; they see the projects afterwards. */
export async function signIn(
  browser: Browser,
  address: string,
  account: DemoAccount,
): Promise<Person> {
  const context = await browser.newContext({ baseURL: address });
  const breaches: string[] = [];
  context.on("console", (message) => {
    if (/content security policy/i.test(message.text())) breaches.push(message.text());
  });
  const page = await context.newPage();
  await page.goto("/sign-in");
  await fillSignIn(page, account);
  await expect(page.getByRole("heading", { name: "Projects" })).toBeVisible();
  return { context, page, breaches };
}

/** On the sign-in page: say who it is, and go on to wherever that leads. */
export async function fillSignIn(page: Page, account: DemoAccount): Promise<void> {
  await page.getByLabel("E-mail").fill(`${account}@demo.loupe.local`);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
}
