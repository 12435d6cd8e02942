import type { ComponentProps, ReactNode } from "react";

import { cn } from "../lib/cn.ts";

type CardProps = Omit<ComponentProps<"section">, "title"> & {
  readonly title?: ReactNode;
  /** Where the figures come from, or what the card is about, beside the title. */
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
};

/** A titled panel; its title names the region. */
export function Card({ title, note, actions, className, children, ...props }: CardProps) {
  return (
    <section
      className={cn("border-line bg-panel shadow-card rounded-lg border p-4", className)}
      {...(typeof title === "string" && { "aria-label": title })}
      {...props}
    >
      {title !== undefined && (
        <header className="mb-3 flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <h2 className="text-base font-semibold">{title}</h2>
          {note !== undefined && <p className="num text-ink-3 text-sm">{note}</p>}
          {actions !== undefined && (
            <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>
          )}
        </header>
      )}
      {children}
    </section>
  );
}
