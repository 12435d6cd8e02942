"use client";

import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import type { ReactNode } from "react";

import { cn } from "../lib/cn.ts";
import { Button } from "./button.tsx";
import { useFocusReturn } from "./use-focus-return.ts";

type DialogProps = {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
};

/** A modal dialog: traps focus, closes with Escape, and gives the focus back. */
export function Dialog(props: DialogProps) {
  const { isOpen, onOpenChange, title, description, children, className } = props;
  const { noteFocus, giveFocusBack } = useFocusReturn();
  return (
    <Primitive.Root open={isOpen} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="animate-fade-in fixed inset-0 z-40 bg-black/45" />
        <Primitive.Content
          className={cn(
            "animate-fade-in border-line bg-panel shadow-pop fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-3rem)] w-[calc(100vw-2rem)] max-w-md -translate-x-1/2 -translate-y-1/2 flex-col overflow-hidden rounded-lg border",
            className,
          )}
          {...(description === undefined && { "aria-describedby": undefined })}
          onOpenAutoFocus={(event) => {
            noteFocus();
            focusFirstField(event);
          }}
          onCloseAutoFocus={giveFocusBack}
        >
          <header className="border-line flex items-start gap-3 border-b px-4 py-3">
            <div className="min-w-0 grow">
              <Primitive.Title className="text-lg font-semibold">{title}</Primitive.Title>
              {description !== undefined && (
                <Primitive.Description className="text-ink-2 mt-0.5 text-sm">
                  {description}
                </Primitive.Description>
              )}
            </div>
            <Primitive.Close asChild>
              <Button tone="quiet" size="iconSm" aria-label="Close">
                <X aria-hidden className="size-4" />
              </Button>
            </Primitive.Close>
          </header>
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** A dialog that asks for something begins at its first field; others at their first button. */
function focusFirstField(event: Event): void {
  const content = event.currentTarget;
  if (!(content instanceof HTMLElement)) return;
  const field = content.querySelector<HTMLElement>(
    ":is(input, select, textarea):not(:disabled, [type=hidden])",
  );
  if (field === null) return;
  event.preventDefault();
  field.focus();
}

/** The scrolling part of a dialog. */
export function DialogBody({ children }: { readonly children: ReactNode }) {
  return <div className="grid gap-3.5 overflow-y-auto p-4">{children}</div>;
}

/** The row of buttons at the foot of a dialog, the main one last. */
export function DialogFooter({ children }: { readonly children: ReactNode }) {
  return (
    <footer className="border-line flex items-center justify-end gap-2 border-t px-4 py-3">
      {children}
    </footer>
  );
}
