import type { ReactNode } from "react";

import { cn } from "../lib/cn.ts";

type NoticeProps = {
  readonly tone: "info" | "warn" | "defect" | "good";
  readonly icon: ReactNode;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
  readonly className?: string;
  /** Read out at once, for what the person must not miss. */
  readonly isUrgent?: boolean;
};

const TINT = {
  info: "border-accent/35 bg-accent-soft [&_.notice-icon]:text-accent",
  warn: "border-warn/40 bg-[color-mix(in_oklch,var(--warn)_9%,var(--panel))] [&_.notice-icon]:text-warn",
  defect:
    "border-defect/40 bg-[color-mix(in_oklch,var(--defect)_7%,var(--panel))] [&_.notice-icon]:text-defect",
  good: "border-good/40 bg-[color-mix(in_oklch,var(--good)_8%,var(--panel))] [&_.notice-icon]:text-good",
} as const;

/** A message in the flow of the page. */
export function Notice({ tone, icon, children, actions, className, isUrgent }: NoticeProps) {
  return (
    <div
      role={isUrgent === true ? "alert" : undefined}
      className={cn(
        "flex items-start gap-2 rounded-md border p-2.5 text-sm",
        TINT[tone],
        className,
      )}
    >
      <span aria-hidden className="notice-icon mt-px shrink-0 [&>svg]:size-4">
        {icon}
      </span>
      <div className="text-ink min-w-0 grow">{children}</div>
      {actions !== undefined && <div className="flex shrink-0 gap-1.5">{actions}</div>}
    </div>
  );
}
