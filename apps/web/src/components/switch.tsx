"use client";

import { Switch as Primitive } from "radix-ui";
import type { ComponentProps } from "react";

import { cn } from "../lib/cn.ts";

/** On or off, at once. Its knob's place says which, not only its colour. */
export function Switch({ className, ...props }: ComponentProps<typeof Primitive.Root>) {
  return (
    <Primitive.Root
      className={cn(
        "border-line-strong bg-sunken data-[state=checked]:bg-accent aria-invalid:border-defect relative inline-flex h-5 w-9 shrink-0 items-center rounded-full border transition-colors data-[state=checked]:border-transparent",
        className,
      )}
      {...props}
    >
      <Primitive.Thumb className="bg-ink-2 data-[state=checked]:bg-accent-ink block size-3.5 translate-x-0.5 rounded-full transition-transform data-[state=checked]:translate-x-[1.125rem]" />
    </Primitive.Root>
  );
}
