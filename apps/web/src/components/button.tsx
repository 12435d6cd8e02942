import { cva } from "class-variance-authority";
import { Slot } from "radix-ui";
import type { ComponentProps } from "react";

import { cn } from "../lib/cn.ts";
import { Spinner } from "./spinner.tsx";

const look = cva(
  "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap transition-colors disabled:opacity-55 aria-disabled:opacity-55 pointer-coarse:min-h-11 pointer-coarse:min-w-11",
  {
    variants: {
      tone: {
        plain: "border-line bg-panel text-ink hover:bg-sunken",
        primary:
          "border-transparent bg-accent text-accent-ink hover:bg-[color-mix(in_oklch,var(--accent)_88%,var(--ink))]",
        danger:
          "border-line bg-panel text-defect hover:bg-[color-mix(in_oklch,var(--defect)_8%,var(--panel))]",
        quiet: "border-transparent bg-transparent text-ink-2 hover:bg-sunken hover:text-ink",
        stage:
          "stage-focus border-transparent bg-transparent text-stage-ink hover:bg-stage-line aria-pressed:bg-stage-line",
      },
      size: {
        md: "h-8 px-2.5 text-base",
        sm: "h-7 px-2 text-sm",
        icon: "size-8",
        iconSm: "size-7",
      },
    },
    defaultVariants: { tone: "plain", size: "md" },
  },
);

type ButtonProps = ComponentProps<"button"> & {
  readonly tone?: "plain" | "primary" | "danger" | "quiet" | "stage";
  readonly size?: "md" | "sm" | "icon" | "iconSm";
  /** Render the only child (a link, say) with the looks of a button. */
  readonly asChild?: boolean;
  /** Shows that the press is being worked on and takes no second one. */
  readonly isBusy?: boolean;
};

/** A button; `type` is "button" unless said otherwise, so that none submits by accident. */
export function Button({
  tone = "plain",
  size = "md",
  asChild = false,
  isBusy = false,
  className,
  children,
  disabled,
  ...props
}: ButtonProps) {
  const classes = cn(look({ tone, size }), className);
  if (asChild) {
    return (
      <Slot.Root className={classes} {...props}>
        {children}
      </Slot.Root>
    );
  }
  return (
    <button
      type="button"
      className={classes}
      disabled={disabled === true || isBusy}
      aria-busy={isBusy || undefined}
      {...props}
    >
      {isBusy && <Spinner />}
      {children}
    </button>
  );
}
