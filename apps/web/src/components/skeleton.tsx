import { cn } from "../lib/cn.ts";

/** A grey stand-in of the size of what is being loaded. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <div aria-hidden className={cn("bg-line/70 animate-pulse rounded-md", className)} />;
}

/** Several lines of them, with words for those who cannot see grey boxes. */
export function LoadingRows({
  rows,
  className,
}: {
  readonly rows: number;
  readonly className?: string;
}) {
  return (
    <div role="status" className={cn("grid gap-2", className)}>
      <span className="sr-only">Loading…</span>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} className="h-9" />
      ))}
    </div>
  );
}
