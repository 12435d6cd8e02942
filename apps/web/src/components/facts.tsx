import type { ReactNode } from "react";

import { cn } from "../lib/cn.ts";

/** Name–value pairs, the value at the right. */
export function Facts({
  rows,
  className,
}: {
  readonly rows: readonly (readonly [name: string, value: ReactNode])[];
  readonly className?: string;
}) {
  return (
    <dl className={cn("num grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm", className)}>
      {rows.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-2">{name}</dt>
          <dd className="min-w-0 text-right break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
