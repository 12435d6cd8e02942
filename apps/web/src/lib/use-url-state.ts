"use client";

import { useSearchParams } from "next/navigation";
import { useCallback } from "react";

export type UrlState = {
  get: (name: string) => string | null;
  /** Set or, with null, remove parameters; the others stay. */
  set: (changes: Readonly<Record<string, string | null>>) => void;
};

/**
 * Filters and selection in the address, so that they survive a reload and can be sent to a
 * colleague. Writing replaces the entry and asks nothing of the server.
 */
export function useUrlState(): UrlState {
  const parameters = useSearchParams();
  const get = useCallback((name: string) => parameters.get(name), [parameters]);
  const set = useCallback((changes: Readonly<Record<string, string | null>>) => {
    const url = new URL(window.location.href);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    window.history.replaceState(null, "", url);
  }, []);
  return { get, set };
}
