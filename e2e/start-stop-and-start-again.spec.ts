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

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
