"use client";

import type { CaseView, GiveVerdictInput } from "@loupe/contracts";
import { useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from "react";
import { toast } from "sonner";

import { describeError } from "../../../lib/describe-error.ts";
import { useLive } from "../../../lib/live/live-provider.tsx";
import { useTRPC, useTRPCClient } from "../../../lib/trpc.tsx";
import { useProject } from "../../projects/index.ts";
import { useMe } from "../../session/index.ts";
import { foldVerdict } from "./fold-review-events.ts";
import {
  readCaseChange,
  VerdictJournal,
  type JournalEntry,
  type Refusal,
} from "./verdict-journal.ts";

/** `waiting`: kept here until there is a connection. */
export type VerdictOutcome = "saved" | "waiting" | "refused";

type JournalDoor = {
  readonly journal: VerdictJournal;
  /** Keep a verdict and send it. */
  readonly give: (input: GiveVerdictInput, fileName: string) => Promise<VerdictOutcome>;
};

const JournalContext = createContext<JournalDoor | null>(null);
const NO_ENTRIES: readonly JournalEntry[] = [];

/** Failures that pass by themselves: the verdict waits for a better moment. */
function isPassing(code: string | null, isOffline: boolean): boolean {
  return isOffline || code === "UNAUTHENTICATED" || code === "TOO_MANY_REQUESTS";
}

/** Holds verdicts that are on their way and sends those left over whenever the project is live. */
export function VerdictJournalProvider({ children }: { readonly children: ReactNode }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const { id: projectId } = useProject();
  const me = useMe();
  const { state } = useLive();
  const [journal] = useState(
    () =>
      new VerdictJournal(
        `loupe.verdicts.${me.user.id}`,
        typeof window === "undefined" ? null : window.localStorage,
      ),
  );
  const sending = useRef(new Set<string>());

  const accept = useCallback(
    (view: CaseView) => {
      const { id: caseId, state: caseState, version, verdict } = view;
      if (verdict) {
        foldVerdict(
          { projectId, verdict: { caseId, state: caseState, version, verdict } },
          { client: queryClient, trpc },
        );
      }
      queryClient.setQueryData(trpc.review.case.queryKey({ projectId, caseId }), (known) =>
        known && known.version > version ? known : view,
      );
      void queryClient.invalidateQueries(trpc.review.cases.queryFilter());
    },
    [projectId, queryClient, trpc],
  );

  const send = useCallback(
    async ({ input, fileName }: JournalEntry): Promise<VerdictOutcome> => {
      const { idempotencyKey, caseId } = input;
      if (sending.current.has(idempotencyKey)) return "waiting";
      sending.current.add(idempotencyKey);
      try {
        accept(await client.review.verdict.mutate(input));
        journal.remove(idempotencyKey);
        return "saved";
      } catch (error) {
        const { code, sentence, detail, details, isOffline } = describeError(error);
        if (isPassing(code, isOffline)) return "waiting";
        const refusal: Refusal = {
          sentence: code === "CASE_CHANGED" ? sentence : (detail ?? sentence),
          change: readCaseChange(details),
        };
        journal.refuse(idempotencyKey, refusal);
        await queryClient.invalidateQueries(
          trpc.review.case.queryFilter({ projectId: input.projectId, caseId }),
        );
        toast.error(`The verdict on ${fileName} was not saved.`, { description: sentence });
        return "refused";
      } finally {
        sending.current.delete(idempotencyKey);
      }
    },
    [accept, client, journal, queryClient, trpc],
  );

  useEffect(() => {
    if (state !== "live") return;
    const flush = async () => {
      // One after the other: they may be on the same case as a colleague's.
      for (const entry of journal.waiting()) {
        if (entry.input.projectId === projectId) await send(entry);
      }
    };
    void flush();
  }, [state, journal, projectId, send]);

  const door = useMemo<JournalDoor>(
    () => ({
      journal,
      give: (input, fileName) => {
        journal.add(input, fileName);
        return send({ input, fileName, refusal: null });
      },
    }),
    [journal, send],
  );
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
