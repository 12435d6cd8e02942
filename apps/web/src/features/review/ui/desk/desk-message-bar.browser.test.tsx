import { CaseId, GiveVerdictInput, type VerdictValue } from "@loupe/contracts";
import { useSyncExternalStore } from "react";
import { expect, test, vi } from "vitest";
import { page } from "vitest/browser";
import { render } from "vitest-browser-react";

import { testUuid } from "../../../../testing/event-maker.ts";
import { ManualClock } from "../../../../testing/manual-clock.ts";
import { DeskMessageBar } from "./desk-message-bar.tsx";
import { DeskStore } from "./desk-store.ts";

const id = (n: number) => CaseId.parse(testUuid(n));
const row = (n: number) => ({ id: id(n), state: "open" as const });
const verdict = (n: number, value: VerdictValue, defectType: string | null = null) =>
  GiveVerdictInput.parse({
    projectId: testUuid(90),
    caseId: id(n),
    value,
    defectType,
    seenVersion: 0,
    idempotencyKey: testUuid(50 + n),
  });

/** The bar over a page with a button, whose desk lives by a clock that the test moves. */
async function aBar() {
  const clock = new ManualClock();
  const desk = new DeskStore({
    selected: id(1),
    writeAddress: () => undefined,
    now: clock.nowMs,
    schedule: clock.schedule,
  });
  desk.list([row(1), row(2), row(3)]);
  const pressed = vi.fn();
  const undo = vi.fn(() => void desk.undo());
  function Bar() {
    const { message } = useSyncExternalStore(desk.subscribe, desk.get);
    return (
      <>
        <button className="fixed inset-x-0 bottom-0 h-60" onClick={pressed}>
          Behind
        </button>
        <DeskMessageBar message={message} onUndo={undo} />
      </>
    );
  }
  const screen = await render(<Bar />);
  const region = screen.getByRole("status", { name: "Last verdict" });
  return { clock, desk, screen, region, undo, pressed };
}

test("says which case a key was about, and offers its undo for ten seconds", async () => {
  const { clock, desk, screen, region } = await aBar();
  await expect.element(region).toBeInTheDocument();
  desk.give(verdict(1, "defective", "scratch"), "003.png", new Set());
  await expect.element(region).toHaveTextContent("Defective (scratch): 003.png");
  clock.pass(9_999);
  await expect.element(screen.getByRole("button", { name: "Undo" })).toBeVisible();
  clock.pass(1);
  await expect.element(screen.getByRole("button", { name: "Undo" })).not.toBeInTheDocument();
  expect(region.element().textContent).toBe("");
});

test("a second verdict begins the ten seconds anew, and is the first to be taken back", async () => {
  const { clock, desk, screen, region, undo } = await aBar();
  desk.give(verdict(1, "good"), "a.png", new Set());
  clock.pass(6_000);
  desk.give(verdict(2, "unsure"), "b.png", new Set());
  clock.pass(6_000);
  await expect.element(region).toHaveTextContent("b.png");
  await screen.getByRole("button", { name: "Undo" }).click();
  expect(undo).toHaveBeenCalledTimes(1);
  await expect.element(region).toHaveTextContent("b.png");
  await expect.element(screen.getByRole("button", { name: "Undo" })).not.toBeInTheDocument();
  expect(desk.get().desk.selected).toBe(id(2));
});

test("the bar lies over the page, and only itself takes clicks", async () => {
  const { desk, screen, region, pressed, undo } = await aBar();
  desk.give(verdict(1, "good"), "a.png", new Set());
  const button = screen.getByRole("button", { name: "Undo" });
  await expect.element(button).toBeVisible();
  const box = region.element().getBoundingClientRect();
  expect(box.left).toBeGreaterThan(300);
  expect(document.elementFromPoint(60, box.top + 5)?.textContent).toBe("Behind");
  expect(region.element().contains(document.elementFromPoint(box.left + 20, box.top + 5))).toBe(
    true,
  );
  await button.click();
  expect([pressed.mock.calls.length, undo.mock.calls.length]).toEqual([0, 1]);
});

test("a long name breaks instead of leaving the screen", async () => {
  await page.viewport(360, 640);
  const { desk, region } = await aBar();
  desk.give(verdict(1, "good"), `${"very-long-name-".repeat(20)}.png`, new Set());
  await expect.element(region).toHaveTextContent("very-long-name");
  const box = region.element().getBoundingClientRect();
  expect(box.left).toBeGreaterThanOrEqual(0);
  expect(box.right).toBeLessThanOrEqual(360);
  expect(document.documentElement.scrollWidth).toBe(360);
  await page.viewport(1280, 800);
});
