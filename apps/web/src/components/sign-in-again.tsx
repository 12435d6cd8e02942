"use client";

import { usePathname, useSearchParams } from "next/navigation";

import { signInPath } from "../lib/sign-in-path.ts";

/** The way to a new session and back to this very view, with its case and its filters. */
export function SignInAgain() {
  const pathname = usePathname();
  const query = useSearchParams().toString();
  return (
    <a
      href={signInPath(query === "" ? pathname : `${pathname}?${query}`)}
      className="text-accent font-medium underline"
    >
      Sign in again
    </a>
  );
}
