/** The product's mark and name; of the name `nameClassName` may leave only what is read aloud. */
export function Brand({ nameClassName }: { readonly nameClassName?: string }) {
  return (
    <span className="text-ink inline-flex items-center gap-1.5 text-lg font-bold tracking-tight">
      <svg aria-hidden viewBox="0 0 32 32" className="text-accent size-5">
        <circle cx="14" cy="14" r="8.5" fill="none" stroke="currentColor" strokeWidth="4.5" />
        <path d="m20.5 20.5 7 7" stroke="currentColor" strokeWidth="5" strokeLinecap="round" />
      </svg>
      <span className={nameClassName}>Loupe</span>
    </span>
  );
}
