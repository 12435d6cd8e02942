"use client";

import { Toaster as Sonner } from "sonner";

/** Where short messages appear; a live region of its own. */
export function Toaster() {
  return (
    <Sonner
      position="bottom-center"
      offset={44}
      closeButton
      toastOptions={{
        classNames: {
          toast: "!rounded-lg !border-line !bg-panel !text-ink !shadow-pop !font-sans !text-sm",
          description: "!text-ink-2",
          actionButton: "!bg-accent !text-accent-ink !rounded-md",
          closeButton: "!bg-panel !text-ink-2 !border-line",
        },
      }}
    />
  );
}
