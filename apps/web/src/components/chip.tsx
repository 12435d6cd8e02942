import type { ReactNode } from "react";

import { cn } from "../lib/cn.ts";

export type ChipTone = "plain" | "accent" | "good" | "defect" | "warn" | "unsure" | "faint";

const MARK: Readonly<Record<ChipTone, string>> = {
  plain: "text-ink-2",
  accent: "text-accent",
  good: "text-good",
  defect: "text-defect",
  warn: "text-warn",
  unsure: "text-unsure",
  faint: "text-ink-3",
};

type ChipProps = {
  readonly tone?: ChipTone;
  /** A sign that carries the meaning beside the colour. */
  readonly icon?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
};

/** A short fact in a pill. The colour is on the sign, the words stay in ink. */
export function Chip({ tone = "plain", icon, className, children }: ChipProps) {
  return (
    <span
      className={cn(
        "border-line bg-panel text-ink inline-flex items-center gap-1 rounded-full border px-2 py-px text-xs font-medium whitespace-nowrap",
        className,
      )}
    >
      {icon !== undefined && (
        <span aria-hidden className={cn("inline-flex [&>svg]:size-3", MARK[tone])}>
          {icon}
        </span>
      )}
      {children}
    </span>
  );
}
