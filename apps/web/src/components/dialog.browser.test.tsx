import { useState } from "react";
import { expect, test } from "vitest";
import { userEvent } from "vitest/browser";
import { render } from "vitest-browser-react";

import { Dialog, DialogBody, DialogFooter } from "./dialog.tsx";

function Page({ lines }: { readonly lines: number }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <button onClick={() => setIsOpen(true)}>New</button>
      <Dialog isOpen={isOpen} onOpenChange={setIsOpen} title="New project">
        <DialogBody>
          {Array.from({ length: lines }, (_, n) => (
            <p key={n}>Line {n}</p>
          ))}
          <input aria-label="Name" />
        </DialogBody>
        <DialogFooter>
          <button>Create</button>
        </DialogFooter>
      </Dialog>
    </>
  );
}

test("begins at its first field, keeps Tab inside, and gives the focus back with Escape", async () => {
  const screen = await render(<Page lines={1} />);
  await screen.getByRole("button", { name: "New" }).click();
  await expect.element(screen.getByRole("textbox", { name: "Name" })).toHaveFocus();
  await userEvent.tab();
  await expect.element(screen.getByRole("button", { name: "Create" })).toHaveFocus();
  await userEvent.tab();
  await expect.element(screen.getByRole("button", { name: "Close" })).toHaveFocus();
  await userEvent.keyboard("{Escape}");
  await expect.element(screen.getByRole("dialog")).not.toBeInTheDocument();
  await expect.element(screen.getByRole("button", { name: "New" })).toHaveFocus();
});

test("what is longer than the screen scrolls between its head and its foot", async () => {
  const screen = await render(<Page lines={80} />);
  await screen.getByRole("button", { name: "New" }).click();
  const dialog = screen.getByRole("dialog", { name: "New project" });
  await expect.element(screen.getByRole("textbox", { name: "Name" })).toHaveFocus();
  const box = dialog.element().getBoundingClientRect();
  expect(box.top).toBeGreaterThanOrEqual(0);
  expect(box.bottom).toBeLessThanOrEqual(window.innerHeight);
  await expect.element(screen.getByRole("button", { name: "Create" })).toBeInViewport();
  await expect.element(screen.getByRole("button", { name: "Close" })).toBeInViewport();
  // The field that has the focus was scrolled to.
  await expect.element(screen.getByRole("textbox", { name: "Name" })).toBeInViewport();
});
