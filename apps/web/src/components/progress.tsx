import { cn } from "../lib/cn.ts";

type ProgressProps = {
  /** Says what is going on, such as "Uploading parts.zip". */
  readonly label: string;
  /** 0 to 1; null while the end is not known. */
  readonly share: number | null;
  readonly className?: string;
};

/** A bar for anything that takes more than a second. */
export function Progress({ label, share, className }: ProgressProps) {
  const percent = share === null ? null : Math.round(100 * Math.min(1, Math.max(0, share)));
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent !== null && { "aria-valuenow": percent })}
      className={cn("bg-line h-1.5 overflow-hidden rounded-full", className)}
    >
      <div
        className={cn(
          "bg-accent h-full rounded-full",
          percent === null ? "animate-indeterminate w-2/5" : "transition-[width] duration-300",
        )}
        style={percent === null ? undefined : { width: `${percent}%` }}
      />
    </div>
  );
}
