"use client";

import { DropdownMenu } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";

import { cn } from "../lib/cn.ts";

type MenuProps = {
  /** The button that opens it. */
  readonly trigger: ReactNode;
  readonly children: ReactNode;
};

/** A menu under a button. */
export function Menu({ trigger, children }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={6}
          className="animate-fade-in border-line bg-panel shadow-pop z-50 min-w-52 rounded-lg border p-1"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

const ITEM =
  "flex items-center gap-2 rounded-md px-2 py-1.5 text-base text-ink outline-none select-none data-highlighted:bg-sunken [&>svg]:size-4 [&>svg]:text-ink-3";

export function MenuItem({ className, ...props }: ComponentProps<typeof DropdownMenu.Item>) {
  return <DropdownMenu.Item className={cn(ITEM, className)} {...props} />;
}

export function MenuLabel({ children }: { readonly children: ReactNode }) {
  return (
    <DropdownMenu.Label className="text-ink-2 px-2 py-1.5 text-sm">{children}</DropdownMenu.Label>
  );
}

export function MenuDivider() {
  return <DropdownMenu.Separator className="bg-line my-1 h-px" />;
}

type MenuChoiceProps = {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly options: readonly { readonly value: string; readonly label: ReactNode }[];
};

/** One of a few inside a menu. */
export function MenuChoice({ value, onChange, options }: MenuChoiceProps) {
  return (
    <DropdownMenu.RadioGroup value={value} onValueChange={onChange}>
      {options.map((option) => (
        <DropdownMenu.RadioItem
          key={option.value}
          value={option.value}
          className={cn(ITEM, "data-[state=checked]:font-semibold")}
        >
          {option.label}
          <DropdownMenu.ItemIndicator className="ml-auto">✓</DropdownMenu.ItemIndicator>
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}
