import { useState } from "react";
import { expect, test } from "vitest";
import { userEvent } from "vitest/browser";
import { render } from "vitest-browser-react";

import { ConfirmDialog } from "./confirm-dialog.tsx";

let confirmed = 0;

function Page() {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <button onClick={() => setIsOpen(true)}>Cancel</button>
      <button>Elsewhere</button>
      <ConfirmDialog
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        title="Cancel the run?"
        description="What it has learned is lost."
        confirmLabel="Cancel the run"
        keepLabel="Let it go on"
        onConfirm={() => (confirmed += 1)}
      />
    </>
  );
}

async function anOpenDialog() {
  confirmed = 0;
  const screen = await render(<Page />);
  await screen.getByRole("button", { name: "Cancel", exact: true }).click();
  const dialog = screen.getByRole("alertdialog", { name: "Cancel the run?" });
  await expect.element(dialog).toHaveAccessibleDescription("What it has learned is lost.");
  return { screen, dialog };
}

test("the safe answer has the focus, so that Enter by habit loses nothing", async () => {
  const { screen, dialog } = await anOpenDialog();
  await expect.element(screen.getByRole("button", { name: "Let it go on" })).toHaveFocus();
  await userEvent.keyboard("{Enter}");
  await expect.element(dialog).not.toBeInTheDocument();
  expect(confirmed).toBe(0);
});

test("Tab stays between the two answers, and Escape gives the focus back", async () => {
  const { screen, dialog } = await anOpenDialog();
  const keep = screen.getByRole("button", { name: "Let it go on" });
  await expect.element(keep).toHaveFocus();
  await userEvent.tab();
  await expect.element(screen.getByRole("button", { name: "Cancel the run" })).toHaveFocus();
  await userEvent.tab();
  await expect.element(keep).toHaveFocus();
  await userEvent.keyboard("{Escape}");
  await expect.element(dialog).not.toBeInTheDocument();
  const opener = screen.getByRole("button", { name: "Cancel", exact: true });
  await expect.element(opener).toHaveFocus();
  expect(confirmed).toBe(0);
});

test("the answer that was asked for happens once", async () => {
  const { screen, dialog } = await anOpenDialog();
  await screen.getByRole("button", { name: "Cancel the run" }).click();
  await expect.element(dialog).not.toBeInTheDocument();
  expect(confirmed).toBe(1);
});
