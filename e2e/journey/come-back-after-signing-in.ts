import { expect, type Browser, type Page } from "@playwright/test";

import { fillSignIn } from "../pages/sign-in.ts";
import { UNASKED_LIMIT_MS } from "./journey.ts";

/** Open a link signed out, and later lose the session while a note is being typed. */
export async function comeBackAfterSigningIn(
  browser: Browser,
  baseURL: string,
  address: string,
): Promise<void> {
  const context = await browser.newContext({ baseURL });
  const page = await context.newPage();
  await page.goto(address);
  await expect(page).toHaveURL(/\/sign-in\?/);
  await fillSignIn(page, "reviewer2");
  await expect(page.getByRole("textbox", { name: "Note" })).toBeVisible();
  // The first case is put into the address beside what the link said.
  const withCase = new URL(page.url());
  expect(withCase.searchParams.get("case")).not.toBeNull();
  withCase.searchParams.delete("case");
  expect(withCase.pathname + withCase.search).toBe(address);

  await page.getByRole("textbox", { name: "Note" }).fill("Not finished");
  const before = page.url();
  await endSession(page, baseURL);
  await page.getByRole("link", { name: "Sign in again" }).click({ timeout: 2 * UNASKED_LIMIT_MS });
  await expect(page).toHaveURL(/\/sign-in\?/);
  await fillSignIn(page, "reviewer2");
  await expect(page).toHaveURL(before);
  await expect(page.getByRole("textbox", { name: "Note" })).toHaveValue("Not finished");

  // Signed in, the same sign-in link leads on at once; one that leads elsewhere leads home.
  await page.goto(`/sign-in?next=${encodeURIComponent(before.slice(baseURL.length))}`);
  await expect(page).toHaveURL(before);
  await page.goto("/sign-in?next=//elsewhere.example/projects");
  await expect(page).toHaveURL(new URL("/", baseURL).href);
  await context.close();
}

/** What an owner does who takes someone's sessions away. */
async function endSession(page: Page, origin: string): Promise<void> {
  const ended = await page.request.post("/api/auth/sign-out", { headers: { origin }, data: {} });
  expect(ended.ok()).toBe(true);
}
