import type { ReactNode } from "react";

type StatProps = {
  readonly label: string;
  readonly value: ReactNode;
  readonly note?: ReactNode;
};

/** One figure with its name above and, where it has one, its measure beside. */
export function Stat({ label, value, note }: StatProps) {
  return (
    <div className="min-w-0">
      <dt className="text-ink-3 text-xs">{label}</dt>
      <dd className="num truncate text-xl font-semibold tracking-tight">
        {value}
        {note !== undefined && (
          <span className="text-ink-3 ml-1 text-sm font-normal tracking-normal">{note}</span>
        )}
      </dd>
    </div>
  );
}
