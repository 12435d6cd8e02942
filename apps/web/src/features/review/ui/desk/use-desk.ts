"use client";

import { CaseId } from "@loupe/contracts";
import { useLayoutEffect, useState, useSyncExternalStore } from "react";

import { systemClock } from "../../../../lib/clock.ts";
import type { UrlState } from "../../../../lib/use-url-state.ts";
import type { DeskRow } from "./desk.ts";
import { DeskStore } from "./desk-store.ts";

/**
 * The desk of this page, which begins at the case in the address and follows links to others.
 *
 * @param rows the queue; null while another one is shown until it comes
 */
export function useDesk(url: UrlState, rows: readonly DeskRow[] | null): DeskStore {
  const address = CaseId.safeParse(url.get("case")).data ?? null;
  const [desk] = useState(
    () =>
      new DeskStore({
        selected: address,
        writeAddress: (id) => url.set({ case: id }),
        now: systemClock.nowMs,
        schedule: systemClock.schedule,
      }),
  );
  // The address first: a filter that takes the case out of it brings another queue along.
  useLayoutEffect(() => desk.followAddress(address), [desk, address]);
  useLayoutEffect(() => {
    if (rows !== null) desk.list(rows);
  }, [desk, rows, address]);
  return desk;
}

/** What the desk shows now. */
export function useDeskSnapshot(desk: DeskStore) {
  return useSyncExternalStore(desk.subscribe, desk.get, desk.get);
}
