import type { ReactNode } from "react";

import { cn } from "../lib/cn.ts";

/** A key, shown where it acts. Hidden from screen readers: the control has its own name. */
export function Kbd({
  children,
  className,
}: {
  readonly children: ReactNode;
  readonly className?: string;
}) {
  return (
    <kbd
      aria-hidden
      className={cn(
        "border-line bg-panel text-ink-2 inline-block min-w-4 rounded-sm border border-b-2 px-1 text-center font-mono text-[10.5px] leading-4 pointer-coarse:hidden",
        className,
      )}
    >
      {children}
    </kbd>
  );
}
