import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";

import { cn } from "../lib/cn.ts";

/** The platform's own select: its keyboard, its screen reader support, its phone wheel. */
export function Select({ className, children, ...props }: ComponentProps<"select">) {
  return (
    <span className={cn("relative inline-grid w-full", className)}>
      <select
        className="border-line-strong bg-panel text-ink aria-invalid:border-defect disabled:bg-sunken disabled:text-ink-3 h-8 w-full appearance-none truncate rounded-md border pr-7 pl-2 text-base pointer-coarse:h-11"
        {...props}
      >
        {children}
      </select>
      <ChevronDown
        aria-hidden
        className="text-ink-3 pointer-events-none absolute top-1/2 right-2 size-3.5 -translate-y-1/2"
      />
    </span>
  );
}
