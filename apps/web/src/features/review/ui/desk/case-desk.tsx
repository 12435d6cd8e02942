"use client";

import type { CaseId, CaseRow } from "@loupe/contracts";
import { useQuery } from "@tanstack/react-query";

import { ErrorState } from "../../../../components/error-state.tsx";
import { LoadingRows } from "../../../../components/skeleton.tsx";
import { StatusSlot } from "../../../../components/status-slot.tsx";
import { describeError } from "../../../../lib/describe-error.ts";
import { formatCount } from "../../../../lib/format-count.ts";
import { listPeople, useLive, useSharePresence } from "../../../../lib/live/live-provider.tsx";
import { useTRPC } from "../../../../lib/trpc.tsx";
import { useHotkeys } from "../../../../lib/use-hotkeys.ts";
import { useCan, useProject } from "../../../projects/index.ts";
import { useMe } from "../../../session/index.ts";
import { CaseAway } from "../case/case-away.tsx";
import { DeskMessageBar } from "./desk-message-bar.tsx";
import { useDeskSnapshot } from "./use-desk.ts";
import type { DeskStore } from "./desk-store.ts";
import { OpenCase } from "./open-case.tsx";
import { useCasesAhead } from "../queue/use-cases-ahead.ts";
import { useKeysOn } from "./use-keys-on.ts";
import { useVerdictJournal } from "../verdict/verdict-journal-provider.tsx";

type CaseDeskProps = {
  readonly caseId: CaseId;
  readonly rows: readonly CaseRow[];
  readonly desk: DeskStore;
  /** False while there is more of the queue to load, in which the case may stand. */
  readonly isWholeQueue: boolean;
};

/** So many people on the same case are named. */
const NAMED = 3;

/** Loads the chosen case, and those ahead, and says who else is on it. */
export function CaseDesk({ caseId, rows, desk, isWholeQueue }: CaseDeskProps) {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const me = useMe();
  useSharePresence({ caseId, runId: null });
  const live = useLive();
  const here = listPeople(live.others, me.user.id).filter((person) => person.caseId === caseId);
  const hidden = Math.max(here.length, live.peopleOnFocus - 1) - NAMED;
  const view = useQuery(trpc.review.case.queryOptions({ projectId, caseId }));

  const {
    message,
    desk: { drawn },
  } = useDeskSnapshot(desk);
  const { sender } = useVerdictJournal();
  const mayDecide = useCan("case:decide");
  const [areKeysOn] = useKeysOn();
  const undo = () => {
    const given = desk.undo();
    if (given !== null) sender.takeBack(given, (fate) => desk.tellUndo(given, fate));
  };
  const sayNotThere = () =>
    desk.say("The next case is not on the screen yet: nothing was decided.");
  // These are there while a case is loading, too; the others belong to an open case.
  useHotkeys(
    {
      j: () => desk.move(1),
      k: () => desk.move(-1),
      ...(mayDecide && { u: undo }),
      ...(mayDecide && !view.data && { "1": sayNotThere, "2": sayNotThere, "3": sayNotThere }),
    },
    areKeysOn,
  );

  useCasesAhead(rows, caseId, drawn === caseId);

  const position = rows.findIndex((row) => row.id === caseId);
  const hasNoLine = live.state === "offline" || live.state === "reconnecting";
  const isAway = view.isError ? describeError(view.error).isOffline : hasNoLine;
  return (
    <>
      {!view.data && isAway && <CaseAway fileName={rows[position]?.fileName} />}
      {!view.data && !isAway && view.isError && (
        <ErrorState
          error={view.error}
          onRetry={() => void view.refetch()}
          className="place-content-center"
        />
      )}
      {view.isPending && !isAway && <LoadingRows rows={4} className="bg-stage content-start p-4" />}
      {view.data && (
        <OpenCase view={view.data} desk={desk} isListed={position >= 0 || !isWholeQueue} />
      )}
      <DeskMessageBar message={message} onUndo={undo} />
      <StatusSlot>
        {here.slice(0, NAMED).map((person) => (
          <span key={person.user.id} className="truncate">
            {person.user.name} is on this image
          </span>
        ))}
        {hidden > 0 && <span>{formatCount(hidden, "other")} too</span>}
        {position >= 0 && (
          <span>
            {position + 1} of {rows.length.toLocaleString("en")} shown
          </span>
        )}
      </StatusSlot>
    </>
  );
}
