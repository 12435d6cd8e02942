import type { ReactNode } from "react";

import { cn } from "../lib/cn.ts";

type EmptyStateProps = {
  readonly icon: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  /** The next step. */
  readonly action?: ReactNode;
  readonly className?: string;
};

/** What a place says while nothing is in it: what will be here, and how to get there. */
export function EmptyState({ icon, title, children, action, className }: EmptyStateProps) {
  return (
    <div className={cn("grid justify-items-center gap-1.5 px-6 py-10 text-center", className)}>
      <span aria-hidden className="text-ink-3 mb-1 [&>svg]:size-6 [&>svg]:stroke-[1.5]">
        {icon}
      </span>
      <p className="font-semibold text-balance">{title}</p>
      {children !== undefined && (
        <p className="text-ink-2 max-w-sm text-sm text-balance">{children}</p>
      )}
      {action !== undefined && <div className="mt-2.5 flex gap-2">{action}</div>}
    </div>
  );
}
