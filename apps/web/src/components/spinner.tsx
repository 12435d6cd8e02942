import { LoaderCircle } from "lucide-react";

/** A small turning mark beside words that say what is going on. */
export function Spinner({ className = "size-3.5" }: { readonly className?: string }) {
  return <LoaderCircle aria-hidden className={`${className} animate-spin`} />;
}
