import type { ComponentProps } from "react";

import { cn } from "../lib/cn.ts";

/** A plain table with the looks of the product; `label` names it. */
export function DataTable({
  label,
  className,
  ...props
}: ComponentProps<"table"> & { readonly label: string }) {
  return (
    // Relative, so that what is only for screen readers scrolls with it instead of widening the page.
    <div className="relative overflow-x-auto" role="region" aria-label={label} tabIndex={0}>
      <table className={cn("w-full border-collapse text-base", className)} {...props} />
    </div>
  );
}

/** A column head. Figures stand at the right, under a head at the right. */
export function Th({
  isNumber = false,
  className,
  ...props
}: ComponentProps<"th"> & { readonly isNumber?: boolean }) {
  return (
    <th
      scope="col"
      className={cn(
        "border-line text-ink-3 border-b px-2.5 py-1.5 text-xs font-medium whitespace-nowrap",
        isNumber ? "text-right" : "text-left",
        className,
      )}
      {...props}
    />
  );
}

/** A cell. */
export function Td({
  isNumber = false,
  className,
  ...props
}: ComponentProps<"td"> & { readonly isNumber?: boolean }) {
  return (
    <td
      className={cn("border-line border-b px-2.5 py-1.5", isNumber && "text-right", className)}
      {...props}
    />
  );
}
