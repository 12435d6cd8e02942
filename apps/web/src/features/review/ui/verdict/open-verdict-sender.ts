import type { CaseId, ProjectId } from "@loupe/contracts";
import type { QueryClient } from "@tanstack/react-query";
import { toast } from "sonner";

import { systemClock } from "../../../../lib/clock.ts";
import type { Trpc, TrpcClient } from "../../../../lib/trpc.tsx";
import { foldIntoQueues } from "../live/fold-review-events.ts";
import { readCaseChange, type VerdictJournal } from "./verdict-journal.ts";
import { VerdictSender } from "./verdict-sender.ts";

type SenderWorld = {
  readonly projectId: ProjectId;
  readonly journal: VerdictJournal;
  readonly client: TrpcClient;
  readonly trpc: Trpc;
  readonly queryClient: QueryClient;
  readonly showCase: (id: CaseId) => void;
};

/** A server that hangs is one that did not answer: the verdict is sent again. */
const ANSWER_LIMIT_MS = 20_000;

/** A sender that brings the server's answers into the cache, and its refusals before their author. */
export function openVerdictSender(world: SenderWorld): VerdictSender {
  const { projectId, journal, client, trpc, queryClient, showCase } = world;
  const withinLimit = () => ({ signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
  return new VerdictSender({
    projectId,
    journal,
    give: (input) => client.review.verdict.mutate(input, withinLimit()),
    withdraw: (input) => client.review.withdraw.mutate(input, withinLimit()),
    onAnswer: (view) => {
      const { id: caseId, state, version, verdict } = view;
      foldIntoQueues({ caseId, state, version, verdict }, { client: queryClient, trpc });
      queryClient.setQueryData(trpc.review.case.queryKey({ projectId, caseId }), (known) =>
        known && known.version > version ? known : view,
      );
      void queryClient.invalidateQueries(trpc.review.cases.queryFilter());
    },
    onRefused: ({ input, fileName, isTakenBack }, { code, sentence, detail, details }) => {
      const { caseId, idempotencyKey } = input;
      const change = readCaseChange(details);
      if (!isTakenBack) {
        const words = code === "CASE_CHANGED" ? sentence : (detail ?? sentence);
        journal.refuse(idempotencyKey, { sentence: words, change });
      }
      void queryClient.invalidateQueries(trpc.review.case.queryFilter({ projectId, caseId }));
      const what = isTakenBack ? "could not be taken back" : "was not saved";
      toast.error(`The verdict on ${fileName} ${what}.`, {
        description: sentence,
        action: { label: "Show the case", onClick: () => showCase(caseId) },
      });
    },
    schedule: systemClock.schedule,
  });
}
