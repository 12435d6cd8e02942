"use client";

import { AlertDialog } from "radix-ui";
import type { ReactNode } from "react";

import { Button } from "./button.tsx";
import { useFocusReturn } from "./use-focus-return.ts";

type ConfirmDialogProps = {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly title: string;
  readonly description: ReactNode;
  /** Says what will happen, such as "Cancel the run". */
  readonly confirmLabel: string;
  readonly keepLabel: string;
  readonly onConfirm: () => void;
  /** "primary" for what can be put right later by the same door. */
  readonly tone?: "danger" | "primary";
};

/** Asks before something that cannot be undone, or that changes what others see. The safe answer has the focus. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { isOpen, onOpenChange, title, description, confirmLabel, keepLabel, onConfirm } = props;
  const { tone = "danger" } = props;
  const { noteFocus, giveFocusBack } = useFocusReturn();
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="animate-fade-in fixed inset-0 z-40 bg-black/45" />
        <AlertDialog.Content
          onOpenAutoFocus={noteFocus}
          onCloseAutoFocus={giveFocusBack}
          className="animate-fade-in border-line bg-panel shadow-pop fixed top-1/2 left-1/2 z-50 w-[calc(100vw-2rem)] max-w-sm -translate-x-1/2 -translate-y-1/2 rounded-lg border p-4"
        >
          <AlertDialog.Title className="text-lg font-semibold">{title}</AlertDialog.Title>
          <AlertDialog.Description className="text-ink-2 mt-1 text-base">
            {description}
          </AlertDialog.Description>
          <div className="mt-4 flex justify-end gap-2">
            <AlertDialog.Cancel asChild>
              <Button>{keepLabel}</Button>
            </AlertDialog.Cancel>
            <AlertDialog.Action asChild>
              <Button tone={tone} onClick={onConfirm}>
                {confirmLabel}
              </Button>
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
