"use client";

import { useQuery } from "@tanstack/react-query";
import { Boxes, ScanSearch } from "lucide-react";
import Link from "next/link";

import { Button } from "../../../components/button.tsx";
import { Card } from "../../../components/card.tsx";
import { EmptyState } from "../../../components/empty-state.tsx";
import { ErrorState } from "../../../components/error-state.tsx";
import { PageHeader } from "../../../components/page-header.tsx";
import { LoadingRows } from "../../../components/skeleton.tsx";
import { useTRPC } from "../../../lib/trpc.tsx";
import { useCan, useProject } from "../../projects/index.ts";
import { InspectionRow } from "./inspection-row.tsx";
import { NewInspection } from "./new-inspection.tsx";

/** New pictures are scored here, and go on to review. */
export function InspectPage() {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const mayInspect = useCan("inspection:write");
  const inspections = useQuery(trpc.inspections.list.queryOptions({ projectId }));
  const models = useQuery(trpc.models.list.queryOptions({ projectId }));

  return (
    <div className="mx-auto w-full max-w-4xl">
      <PageHeader title="Inspect" />
      <div className="grid gap-4 px-5.5 pb-6">
        {models.isError && (
          <ErrorState error={models.error} onRetry={() => void models.refetch()} />
        )}
        {models.data?.length === 0 && (
          <Card>
            <EmptyState
              icon={<Boxes />}
              title="Scoring needs a model"
              action={
                <Button asChild>
                  <Link href={`/projects/${projectId}/train`}>Train one</Link>
                </Button>
              }
            >
              As soon as a run has succeeded, you can drop new pictures here.
            </EmptyState>
          </Card>
        )}
        {mayInspect && models.data && models.data.length > 0 && (
          <NewInspection models={models.data} />
        )}
        <Card title="Inspections">
          {inspections.isPending && <LoadingRows rows={2} />}
          {inspections.isError && (
            <ErrorState
              error={inspections.error}
              onRetry={() => void inspections.refetch()}
              className="py-4"
            />
          )}
          {inspections.data?.length === 0 && (
            <EmptyState icon={<ScanSearch />} title="Nothing inspected yet" className="py-8">
              Pictures that are dropped here are scored one by one, and the results wait in Review.
            </EmptyState>
          )}
          {inspections.data && inspections.data.length > 0 && (
            <ul className="divide-line -my-1 grid divide-y">
              {inspections.data.map((view) => (
                <InspectionRow key={view.id} view={view} />
              ))}
            </ul>
          )}
        </Card>
      </div>
    </div>
  );
}
