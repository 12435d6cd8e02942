import type { ComponentProps } from "react";

import { cn } from "../lib/cn.ts";

const LOOK =
  "w-full rounded-md border border-line-strong bg-panel px-2 text-base text-ink pointer-coarse:text-lg aria-invalid:border-defect disabled:bg-sunken disabled:text-ink-3";

/** A single-line text or number box. */
export function TextInput({ className, ...props }: ComponentProps<"input">) {
  return <input className={cn(LOOK, "h-8 pointer-coarse:h-11", className)} {...props} />;
}

/** A box for several lines. */
export function TextArea({ className, ...props }: ComponentProps<"textarea">) {
  return <textarea className={cn(LOOK, "resize-y py-1.5", className)} {...props} />;
}
