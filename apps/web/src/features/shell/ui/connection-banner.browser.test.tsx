import { SIGN_IN_REFUSAL } from "@loupe/contracts";
import {
  PathnameContext,
  SearchParamsContext,
} from "next/dist/shared/lib/hooks-client-context.shared-runtime.js";
import { expect, onTestFinished, test } from "vitest";
import { render } from "vitest-browser-react";

import { LiveConnection } from "../../../lib/live/live-connection.ts";
import { LiveConnectionProvider } from "../../../lib/live/live-provider.tsx";
import { TEST_PROJECT as projectId } from "../../../testing/event-maker.ts";
import { ManualClock } from "../../../testing/manual-clock.ts";
import { playedSocket } from "../../../testing/played-socket.ts";
import { ConnectionBanner } from "./connection-banner.tsx";
import { ConnectionStatus } from "./connection-status.tsx";

/** What a page says of its line, whose server and clock the test plays. */
async function aPage() {
  const clock = new ManualClock();
  const { socket, say, line } = playedSocket(projectId);
  const connection = new LiveConnection({
    projectId,
    afterSequence: 0,
    openSocket: () => socket,
    onEvents: () => undefined,
    onReset: () => undefined,
    clock,
  });
  onTestFinished(() => connection.stop());
  const screen = await render(
    <PathnameContext value="/projects/7/review">
      <SearchParamsContext value={new URLSearchParams("case=3")}>
        <LiveConnectionProvider connection={connection}>
          <ConnectionBanner />
          <main>The queue</main>
          <ConnectionStatus />
        </LiveConnectionProvider>
      </SearchParamsContext>
    </PathnameContext>,
  );
  const status = screen.getByRole("status", { name: "Connection" });
  await expect.element(status).toHaveTextContent("connecting");
  connection.start();
  await expect.element(status).toHaveTextContent("live");
  return { clock, screen, status, socket, say, line, banner: screen.getByRole("alert") };
}

test("a short loss is said in the corner alone, a longer one in a banner, and the way back too", async () => {
  const { clock, screen, status, say, socket, line, banner } = await aPage();
  say("disconnect", "transport close");
  await expect.element(status).toHaveTextContent("reconnecting");
  await expect.element(banner).not.toBeInTheDocument();
  clock.pass(4_400);
  await expect.element(status).toHaveTextContent("offline");
  await expect.element(banner).toHaveTextContent("You are offline.");
  await expect.element(banner).toHaveTextContent("Verdicts are kept here");

  line.sequence = 3;
  socket.connect();
  await expect.element(status).toHaveTextContent("live");
  await expect.element(banner).not.toBeInTheDocument();
  const back = screen.getByText("Back online. Caught up with 3 changes.");
  await expect.element(back).toBeVisible();
  clock.pass(6_000);
  await expect.element(back).not.toBeInTheDocument();
});

test("the banner takes room of its own instead of lying over the page", async () => {
  const { clock, screen, say, banner } = await aPage();
  const page = screen.getByRole("main");
  const before = page.element().getBoundingClientRect().top;
  say("disconnect", "transport close");
  clock.pass(4_400);
  await expect.element(banner).toBeVisible();
  const box = banner.element().getBoundingClientRect();
  expect(page.element().getBoundingClientRect().top).toBeGreaterThanOrEqual(before + box.height);
  expect(box.width).toBe(window.innerWidth);
});

test("a server without its database is blamed for it, and not the line", async () => {
  const { clock, status, say, line, banner } = await aPage();
  line.isDatabaseUp = false;
  say("health", { isDatabaseUp: false });
  await expect.element(status).toHaveTextContent("reconnecting");
  clock.pass(4_400);
  await expect.element(banner).toHaveTextContent("The server cannot reach its database.");
  // It asks again by itself.
  line.isDatabaseUp = true;
  clock.pass(2_000);
  await expect.element(banner).not.toBeInTheDocument();
  await expect.element(status).toHaveTextContent("live");
});

test("whoever was signed out is told so, with the way back in", async () => {
  const { screen, say, socket, banner } = await aPage();
  say("disconnect", "transport close");
  Object.assign(socket, { active: false });
  say("connect_error", new Error(SIGN_IN_REFUSAL));
  await expect.element(banner).toHaveTextContent(SIGN_IN_REFUSAL);
  const link = screen.getByRole("link", { name: "Sign in again" });
  await expect.element(link).toBeVisible();
  expect(decodeURIComponent(link.element().getAttribute("href")!)).toContain(
    "/projects/7/review?case=3",
  );
});
