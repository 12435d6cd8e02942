"use client";

import { InspectionId, ListCasesInput } from "@loupe/contracts";
import { useQuery } from "@tanstack/react-query";
import { CircleCheckBig, Inbox } from "lucide-react";
import Link from "next/link";
import { useMemo } from "react";

import { Button } from "../../../components/button.tsx";
import { EmptyState } from "../../../components/empty-state.tsx";
import { ErrorState } from "../../../components/error-state.tsx";
import { LoadingRows } from "../../../components/skeleton.tsx";
import { useTRPC } from "../../../lib/trpc.tsx";
import { useUrlState } from "../../../lib/use-url-state.ts";
import { useProject } from "../../projects/index.ts";
import { CaseDesk } from "./desk/case-desk.tsx";
import { CaseQueue } from "./queue/case-queue.tsx";
import { QueueHeader } from "./queue/queue-header.tsx";
import { RefusedVerdicts } from "./verdict/refused-verdicts.tsx";
import { useCaseCounts, useCases } from "./queue/use-cases.ts";
import { useDesk, useDeskSnapshot } from "./desk/use-desk.ts";

/** The queue, the picture, and what is known and decided. */
export function ReviewPage() {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const url = useUrlState();
  const state = ListCasesInput.shape.state.catch("undecided").parse(url.get("state") ?? undefined);
  const category = url.get("category");
  const inspectionId = InspectionId.safeParse(url.get("inspection")).data ?? null;
  const scope = {
    ...(category !== null && { category }),
    ...(inspectionId !== null && { inspectionId }),
  };
  const cases = useCases(projectId, { state, ...scope });
  const counts = useCaseCounts(projectId, scope);
  const categories = useQuery(
    trpc.data.counts.queryOptions(
      { projectId },
      { select: (rows) => rows.map((row) => row.category) },
    ),
  );
  const inspections = useQuery({
    ...trpc.inspections.list.queryOptions({ projectId }),
    enabled: inspectionId !== null,
  });
  const inspection = inspections.data?.find((view) => view.id === inspectionId);
  const project = useQuery(trpc.projects.get.queryOptions({ projectId }));
  const rows = useMemo(() => cases.data?.pages.flatMap((page) => page.rows) ?? [], [cases.data]);
  const isQueueThere = cases.data !== undefined && !cases.isPlaceholderData;
  // The first case is put into the address, so that the view stays when the queue moves on.
  const desk = useDesk(url, isQueueThere ? rows : null);
  const selectedId = useDeskSnapshot(desk).desk.selected;
  const isQueueEmpty = cases.data !== undefined && rows.length === 0;
  const total = counts.data && counts.data.open + counts.data.inReview + counts.data.decided;

  return (
    <div className="grid md:h-full md:grid-cols-[252px_minmax(0,1fr)] md:grid-rows-[minmax(0,1fr)] xl:grid-cols-[292px_minmax(0,1fr)]">
      <div className="border-line bg-panel flex h-[min(18rem,45dvh)] min-h-0 flex-col border-b md:h-auto md:border-r md:border-b-0">
        <QueueHeader
          state={state}
          category={category}
          categories={categories.data ?? []}
          inspection={
            inspectionId === null
              ? null
              : inspection
                ? `Inspection ${inspection.number}: ${inspection.name}`
                : "One inspection"
          }
          counts={counts.data}
          onChange={url.set}
        />
        <RefusedVerdicts onSelect={desk.choose} />
        {cases.isPending && <LoadingRows rows={6} className="p-3" />}
        {cases.isError && (
          <ErrorState error={cases.error} onRetry={() => void cases.refetch()} className="px-3" />
        )}
        {isQueueEmpty && (
          <p className="text-ink-2 px-3 py-6 text-center text-sm">
            {state === "undecided" ? "Nothing to decide here." : "No case here."}
          </p>
        )}
        {rows.length > 0 && (
          <CaseQueue
            rows={rows}
            selectedId={selectedId}
            onSelect={desk.choose}
            onMove={desk.move}
            isRescoring={project.data?.activeModel?.isRescoring ?? false}
            onNearEnd={() => {
              if (cases.hasNextPage && !cases.isFetchingNextPage) void cases.fetchNextPage();
            }}
          />
        )}
      </div>
      {selectedId !== null ? (
        <CaseDesk
          caseId={selectedId}
          rows={rows}
          desk={desk}
          isWholeQueue={isQueueThere && !cases.hasNextPage}
        />
      ) : (
        <div className="bg-canvas grid place-items-center">
          {isQueueEmpty && total !== undefined && (
            <EmptyQueue isFresh={total === 0} onShowAll={() => url.set({ state: "all" })} />
          )}
        </div>
      )}
    </div>
  );
}

function EmptyQueue({
  isFresh,
  onShowAll,
}: {
  readonly isFresh: boolean;
  readonly onShowAll: () => void;
}) {
  const { id: projectId } = useProject();
  if (!isFresh) {
    return (
      <EmptyState
        icon={<CircleCheckBig />}
        title="Everything here is decided"
        action={<Button onClick={onShowAll}>Show all cases</Button>}
      />
    );
  }
  return (
    <EmptyState
      icon={<Inbox />}
      title="No cases yet"
      action={
        <>
          <Button asChild tone="primary">
            <Link href={`/projects/${projectId}/train`}>Train a model</Link>
          </Button>
          <Button asChild>
            <Link href={`/projects/${projectId}/inspect`}>Inspect pictures</Link>
          </Button>
        </>
      }
    >
      When a run has scored the test images, or new pictures have been inspected, they wait here,
      the most anomalous first.
    </EmptyState>
  );
}
