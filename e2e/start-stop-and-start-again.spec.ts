import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "@playwright/test";

import { DataPage } from "./pages/data-page.ts";
import { signIn } from "./pages/sign-in.ts";
import { makeHome } from "./support/start-loupe.ts";
import { test } from "./support/test.ts";

test("a start after a crash finds everything as it was", async ({ browser, startOwn }) => {
  const home = await makeHome();
  const first = await startOwn(home);
  const before = await signIn(browser, first.address, "owner");
  await new DataPage(before.page).createProject("Before the crash");
  await before.context.close();

  // One home belongs to one Loupe: a second one says so and leaves the first alone.
  await expect(startOwn(home)).rejects.toThrow(`Loupe already runs on ${home} at ${first.address}`);

  // What the launcher had started ends with it: nobody would stop it any more.
  const { web, worker } = await first.pids();
  await first.kill();
  await expect.poll(() => [web, worker].filter(isRunning)).toEqual([]);

  const second = await startOwn(home);
  const after = await signIn(browser, second.address, "owner");
  await expect(after.page.getByRole("heading", { name: "Before the crash" })).toBeVisible();
  await after.context.close();
  await second.stop();
  expect(second.output()).toMatch(/Stopped\.\s*$/);
});

test("what is killed while it runs comes back, and nothing in the home is for others", async ({
  browser,
  startOwn,
}) => {
  const home = await makeHome();
  const loupe = await startOwn(home);
  const { page, context } = await signIn(browser, loupe.address, "owner");
  await new DataPage(page).createProject("Goes on");

  const before = await loupe.pids();
  process.kill(before.web, "SIGKILL");
  await expect.poll(() => loupe.output()).toContain("The web server ended (signal SIGKILL)");
  await expect.poll(async () => (await loupe.pids()).web).not.toBe(before.web);
  await expectToSee("Goes on");

  process.kill(before.database, "SIGKILL");
  await expect.poll(() => loupe.output(), { timeout: 60_000 }).toContain("PostgreSQL runs again.");
  await expectToSee("Goes on");

  expect(await listOpenToOthers(home)).toEqual([]);
  await context.close();
  await loupe.stop();
  expect(loupe.output()).toMatch(/Stopped\.\s*$/);

  /** Opened anew until the server answers again. */
  async function expectToSee(project: string): Promise<void> {
    await expect(async () => {
      await page.goto(loupe.address);
      await expect(page.getByRole("heading", { name: project })).toBeVisible({ timeout: 2_000 });
    }).toPass({ timeout: 60_000 });
  }
});

/** Paths that somebody else on the machine could look into. What the test itself brought is left out. */
async function listOpenToOthers(home: string): Promise<string[]> {
  const open: string[] = [];
  const brought = join(home, "encoders");
  const isOpen = async (path: string) => ((await stat(path)).mode & 0o077) !== 0;
  // As root the account that PostgreSQL runs as may pass through, by its group.
  if (((await stat(home)).mode & 0o067) !== 0) open.push(home);
  for (const entry of await readdir(home, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    // Files come and go under a running product.
    if (!path.startsWith(brought) && (await isOpen(path).catch(() => false))) open.push(path);
  }
  return open;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
