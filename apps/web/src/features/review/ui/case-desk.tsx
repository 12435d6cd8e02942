"use client";

import type { CaseId, CaseRow } from "@loupe/contracts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { ErrorState } from "../../../components/error-state.tsx";
import { pictureOptions } from "../../../components/image-canvas/use-picture.ts";
import { LoadingRows } from "../../../components/skeleton.tsx";
import { StatusSlot } from "../../../components/status-slot.tsx";
import { formatCount } from "../../../lib/format-count.ts";
import { anomalyMapOptions } from "../../../lib/heatmap/use-anomaly-map.ts";
import { listPeople, useLive, useSharePresence } from "../../../lib/live/live-provider.tsx";
import { useTRPC } from "../../../lib/trpc.tsx";
import { useProject } from "../../projects/index.ts";
import { useMe } from "../../session/index.ts";
import { OpenCase } from "./open-case.tsx";
import { neighbour } from "./queue-order.ts";

type CaseDeskProps = {
  readonly caseId: CaseId;
  readonly rows: readonly CaseRow[];
  readonly onSelect: (id: CaseId) => void;
  readonly onMove: (step: 1 | -1) => void;
};

/** So many people on the same case are named. */
const NAMED = 3;

/** Loads the chosen case, and the next one ahead, and says who else is on it. */
export function CaseDesk({ caseId, rows, onSelect, onMove }: CaseDeskProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { id: projectId } = useProject();
  const me = useMe();
  useSharePresence({ caseId, runId: null });
  const live = useLive();
  const here = listPeople(live.others, me.user.id).filter((person) => person.caseId === caseId);
  const hidden = Math.max(here.length, live.peopleOnFocus - 1) - NAMED;
  const view = useQuery(trpc.review.case.queryOptions({ projectId, caseId }));

  const nextId = neighbour(rows, caseId, 1);
  const next = rows.find((row) => row.id === nextId);
  const nextImage = next?.imageId;
  const nextPrediction = next?.predictionId;
  useEffect(() => {
    if (!nextId || !nextImage || !nextPrediction) return;
    void queryClient.prefetchQuery(trpc.review.case.queryOptions({ projectId, caseId: nextId }));
    void queryClient.prefetchQuery(pictureOptions(`/api/images/${nextImage}/original`));
    void queryClient.prefetchQuery(anomalyMapOptions(`/api/predictions/${nextPrediction}/map`));
  }, [queryClient, trpc, projectId, nextId, nextImage, nextPrediction]);

  const position = rows.findIndex((row) => row.id === caseId);
  return (
    <>
      {view.isError && (
        <ErrorState
          error={view.error}
          onRetry={() => void view.refetch()}
          className="place-content-center"
        />
      )}
      {view.isPending && <LoadingRows rows={4} className="bg-stage content-start p-4" />}
      {view.data && <OpenCase view={view.data} rows={rows} onSelect={onSelect} onMove={onMove} />}
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
