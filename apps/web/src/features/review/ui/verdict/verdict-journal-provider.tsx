"use client";

import { useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from "react";

import { useLive } from "../../../../lib/live/live-provider.tsx";
import { useTRPC, useTRPCClient } from "../../../../lib/trpc.tsx";
import { useProject } from "../../../projects/index.ts";
import { useMe } from "../../../session/index.ts";
import { openVerdictSender } from "./open-verdict-sender.ts";
import { useShowCase } from "../desk/use-show-case.ts";
import { VerdictJournal, type JournalEntry } from "./verdict-journal.ts";
import type { VerdictSender } from "./verdict-sender.ts";

type JournalDoor = { readonly journal: VerdictJournal; readonly sender: VerdictSender };

const JournalContext = createContext<JournalDoor | null>(null);
const NO_ENTRIES: readonly JournalEntry[] = [];
const NO_KEYS: ReadonlySet<string> = new Set();

/** Holds verdicts that are on their way and sends those left over whenever the project is live. */
export function VerdictJournalProvider({ children }: { readonly children: ReactNode }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const { id: projectId } = useProject();
  const showCase = useShowCase(projectId);
  const me = useMe();
  const { state } = useLive();
  const [door] = useState<JournalDoor>(() => {
    const store = typeof window === "undefined" ? null : window.localStorage;
    const journal = new VerdictJournal(`loupe.verdicts.${me.user.id}`, store);
    const world = { projectId, journal, client, trpc, queryClient, showCase };
    return { journal, sender: openVerdictSender(world) };
  });
  const { journal, sender } = door;

  useEffect(() => {
    if (state === "live") void sender.flush();
  }, [state, sender]);
  useEffect(() => () => sender.stop(), [sender]);
  useEffect(() => {
    window.addEventListener("storage", journal.refresh);
    return () => window.removeEventListener("storage", journal.refresh);
  }, [journal]);

  return <JournalContext.Provider value={door}>{children}</JournalContext.Provider>;
}

/** The way to give verdicts. */
export function useVerdictJournal(): JournalDoor {
  const door = useContext(JournalContext);
  if (!door) throw new Error("Expected a VerdictJournalProvider above this component, found none");
  return door;
}

/** Verdicts that are on their way or were turned down. */
export function useJournalEntries(): readonly JournalEntry[] {
  const { journal } = useVerdictJournal();
  return useSyncExternalStore(journal.subscribe, journal.get, () => NO_ENTRIES);
}

/** Keys of the verdicts that are being sent at this moment. */
export function useSendingKeys(): ReadonlySet<string> {
  const { sender } = useVerdictJournal();
  return useSyncExternalStore(sender.subscribe, sender.getSending, () => NO_KEYS);
}
