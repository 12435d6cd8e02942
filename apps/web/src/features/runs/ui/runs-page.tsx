"use client";

import { isFinalRunStatus, type RunView } from "@loupe/contracts";
import { useQuery } from "@tanstack/react-query";
import { Dumbbell, Plus } from "lucide-react";
import Link from "next/link";
import { useState } from "react";

import { Button } from "../../../components/button.tsx";
import { Card } from "../../../components/card.tsx";
import { DataTable, Td, Th } from "../../../components/data-table.tsx";
import { EmptyState } from "../../../components/empty-state.tsx";
import { ErrorState } from "../../../components/error-state.tsx";
import { PageHeader } from "../../../components/page-header.tsx";
import { Progress } from "../../../components/progress.tsx";
import { LoadingRows } from "../../../components/skeleton.tsx";
import { formatCount } from "../../../lib/format-count.ts";
import { formatScore } from "../../../lib/format-score.ts";
import { formatTimeAgo } from "../../../lib/format-time-ago.ts";
import { useTRPC } from "../../../lib/trpc.tsx";
import { useNow } from "../../../lib/use-now.ts";
import { formatVersion } from "../../../lib/format-version.ts";
import { useCan, useProject } from "../../projects/index.ts";
import { describeStage } from "./run/describe-stage.ts";
import { methodTitle } from "./method-title.ts";
import { RunStatusChip } from "./run/run-status-copy.tsx";
import { StartRunDialog } from "./start/start-run-dialog.tsx";

/** All training runs of the project, newest first. */
export function RunsPage() {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const mayStart = useCan("run:write");
  const [isStarting, setIsStarting] = useState(false);
  const runs = useQuery(trpc.runs.list.queryOptions({ projectId }));

  const newRun = mayStart && (
    <Button tone="primary" onClick={() => setIsStarting(true)}>
      <Plus aria-hidden className="size-4" /> New run
    </Button>
  );

  return (
    <div>
      <PageHeader
        title="Training runs"
        facts={
          runs.data && (
            <span className="num text-ink-2 text-sm">{formatCount(runs.data.length, "run")}</span>
          )
        }
        actions={newRun}
      />
      <div className="px-5.5 pb-6">
        <Card className="p-0">
          {runs.isPending && <LoadingRows rows={4} className="p-4" />}
          {runs.isError && <ErrorState error={runs.error} onRetry={() => void runs.refetch()} />}
          {runs.data?.length === 0 && (
            <EmptyState icon={<Dumbbell />} title="No run yet">
              A run trains a model on a frozen dataset version. You can watch it learn, and it goes
              on by itself when a worker is lost.
            </EmptyState>
          )}
          {runs.data && runs.data.length > 0 && <RunTable runs={runs.data} />}
        </Card>
      </div>
      {isStarting && <StartRunDialog onClose={() => setIsStarting(false)} />}
    </div>
  );
}

function RunTable({ runs }: { readonly runs: readonly RunView[] }) {
  const { id: projectId } = useProject();
  const nowMs = useNow();
  return (
    <DataTable label="Training runs">
      <thead>
        <tr>
          <Th className="pl-4">Run</Th>
          <Th>Status</Th>
          <Th className="w-64">Progress</Th>
          <Th isNumber>Loss</Th>
          <Th>Dataset</Th>
          <Th>Started by</Th>
          <Th isNumber className="pr-4">
            When
          </Th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => {
          const stage = describeStage(run);
          return (
            <tr key={run.id} className="hover:bg-sunken">
              <th
                scope="row"
                className="border-line border-b px-2.5 py-2 pl-4 text-left font-normal"
              >
                <Link
                  href={`/projects/${projectId}/train/${run.id}`}
                  className="text-accent font-medium hover:underline"
                >
                  Run {run.number}
                </Link>
                <span className="text-ink-2 block text-sm">
                  {methodTitle(run.method)} on {run.encoder}
                  {run.category !== null && `, only ${run.category}`}
                </span>
              </th>
              <Td>
                <RunStatusChip status={run.status} />
              </Td>
              <Td>
                {isFinalRunStatus(run.status) ? (
                  <span className="text-ink-2 text-sm">{stage.text}</span>
                ) : (
                  <div className="grid gap-1">
                    <span className="text-ink-2 text-sm">{stage.text}</span>
                    <Progress label={`Run ${run.number}`} share={stage.share} />
                  </div>
                )}
              </Td>
              <Td isNumber>{run.loss === null ? "–" : formatScore(run.loss)}</Td>
              <Td className="whitespace-nowrap">{formatVersion(run.datasetVersion)}</Td>
              <Td>{run.startedBy}</Td>
              <Td isNumber className="text-ink-2 pr-4 whitespace-nowrap">
                {formatTimeAgo(run.createdAt, nowMs)}
              </Td>
            </tr>
          );
        })}
      </tbody>
    </DataTable>
  );
}
