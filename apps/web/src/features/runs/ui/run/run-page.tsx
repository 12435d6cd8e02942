"use client";

import { isFinalRunStatus, type RunId, type RunView } from "@loupe/contracts";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleAlert, Info } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { toast } from "sonner";

import { Button } from "../../../../components/button.tsx";
import { Card } from "../../../../components/card.tsx";
import { Chip } from "../../../../components/chip.tsx";
import { ConfirmDialog } from "../../../../components/confirm-dialog.tsx";
import { ErrorState } from "../../../../components/error-state.tsx";
import { Notice } from "../../../../components/notice.tsx";
import { PageHeader } from "../../../../components/page-header.tsx";
import { LoadingRows, Skeleton } from "../../../../components/skeleton.tsx";
import { StatusSlot } from "../../../../components/status-slot.tsx";
import { describeError } from "../../../../lib/describe-error.ts";
import { formatCount } from "../../../../lib/format-count.ts";
import { listPeople, useLive, useSharePresence } from "../../../../lib/live/live-provider.tsx";
import { useTRPC } from "../../../../lib/trpc.tsx";
import { formatVersion } from "../../../../lib/format-version.ts";
import { useCan, useProject } from "../../../projects/index.ts";
import { useMe } from "../../../session/index.ts";
import { GaugePanel } from "../curves/gauge-panel.tsx";
import { LossChart } from "../curves/loss-chart.tsx";
import { methodTitle } from "../method-title.ts";
import { methodWords } from "../method-words.ts";
import { PROVIDER_LABEL } from "../provider-label.ts";
import { ProbePanel } from "../probes/probe-panel.tsx";
import { RunFacts } from "./run-facts.tsx";
import { RunProgress } from "./run-progress.tsx";
import { RunStatusChip } from "./run-status-copy.tsx";
import { UsedSettings } from "./used-settings.tsx";

/** So many people who watch the same run are named. */
const NAMED = 3;

/** A training run, live. */
export function RunPage({ runId }: { readonly runId: RunId }) {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const me = useMe();
  useSharePresence({ caseId: null, runId });
  const live = useLive();
  const watching = listPeople(live.others, me.user.id).filter((person) => person.runId === runId);
  const hidden = Math.max(watching.length, live.peopleOnFocus - 1) - NAMED;
  const run = useQuery(trpc.runs.get.queryOptions({ projectId, runId }));
  const curve = useQuery(trpc.runs.curve.queryOptions({ projectId, runId }));
  const probes = useQuery(trpc.runs.probes.queryOptions({ projectId, runId }));

  if (run.isError) return <ErrorState error={run.error} onRetry={() => void run.refetch()} />;
  if (!run.data) return <LoadingRows rows={6} className="p-5.5" />;

  const words = methodWords(run.data.method);
  return (
    <div>
      <RunHeader run={run.data} />
      <div className="grid grid-cols-1 items-start gap-4 px-5.5 pb-6 lg:grid-cols-[minmax(0,1fr)_minmax(320px,420px)]">
        <div className="grid min-w-0 gap-4">
          {run.data.status === "failed" && (
            <Notice tone="defect" icon={<CircleAlert />}>
              <p className="font-medium">The run failed.</p>
              <p>{run.data.error ?? "It left no reason; the worker's log may know more."}</p>
            </Notice>
          )}
          {run.data.note !== null && (
            <Notice tone="info" icon={<Info />}>
              {run.data.note}
            </Notice>
          )}
          <RunProgress run={run.data} />
          <Card title={words.curve} note={words.curveNote}>
            {curve.isError && (
              <ErrorState error={curve.error} onRetry={() => void curve.refetch()} />
            )}
            {curve.isPending && <Skeleton className="h-64" />}
            {curve.data && (
              <LossChart
                points={curve.data.points}
                incidents={curve.data.incidents}
                steps={run.data.steps}
                title={words.curve}
              />
            )}
            {curve.data && curve.data.incidents.length > 0 && (
              <ul aria-label="What happened on the way" className="mt-2 grid gap-0.5 text-sm">
                {curve.data.incidents.map((incident) => (
                  <li key={`${incident.kind} ${incident.at.getTime()}`} className="num text-ink-2">
                    <span className="text-ink font-medium">
                      Step {incident.step.toLocaleString("en")}
                    </span>{" "}
                    · {incident.message} · {incident.at.toLocaleTimeString()}
                  </li>
                ))}
              </ul>
            )}
          </Card>
          {curve.data && (
            <GaugePanel
              run={run.data}
              points={curve.data.points}
              incidents={curve.data.incidents}
            />
          )}
        </div>
        <div className="grid min-w-0 gap-4">
          {probes.isError ? (
            <Card title="Probe images">
              <ErrorState error={probes.error} onRetry={() => void probes.refetch()} />
            </Card>
          ) : (
            <ProbePanel run={run.data} probes={probes.data ?? []} />
          )}
          <RunFacts run={run.data} />
          <UsedSettings
            method={run.data.method}
            preset={run.data.preset}
            settings={run.data.settings}
          />
        </div>
      </div>
      {watching.length > 0 && (
        <StatusSlot>
          <span className="truncate">
            {watching
              .slice(0, NAMED)
              .map((person) => person.user.name)
              .join(", ")}
            {hidden > 0 && ` and ${formatCount(hidden, "other")}`} watching too
          </span>
        </StatusSlot>
      )}
    </div>
  );
}

function RunHeader({ run }: { readonly run: RunView }) {
  const { id: projectId } = useProject();
  return (
    <PageHeader
      trail={
        <>
          <Link href={`/projects/${projectId}/train`} className="hover:underline">
            Train
          </Link>{" "}
          / run {run.number}
        </>
      }
      title={`${methodTitle(run.method)} on ${run.encoder}`}
      facts={
        <>
          <RunStatusChip status={run.status} />
          <Chip>dataset: {formatVersion(run.datasetVersion)}</Chip>
          {run.category !== null && <Chip>only {run.category}</Chip>}
          <Chip>
            {PROVIDER_LABEL[run.provider]}
            {run.worker !== null && ` · ${run.worker}`}
          </Chip>
          <Chip>seed {run.seed}</Chip>
        </>
      }
      actions={
        <>
          <CancelRun run={run} />
          {run.modelVersionId !== null && (
            <Button asChild tone="primary">
              <Link href={`/projects/${projectId}/models/${run.modelVersionId}`}>Open model</Link>
            </Button>
          )}
        </>
      }
    />
  );
}

function CancelRun({ run }: { readonly run: RunView }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const mayCancel = useCan("run:write");
  const [isAsking, setIsAsking] = useState(false);
  const { projectId, id: runId } = run;
  const cancel = useMutation(
    trpc.runs.cancel.mutationOptions({
      onSuccess: (view) =>
        queryClient.setQueryData(trpc.runs.get.queryKey({ projectId, runId }), view),
      onError: (error) => {
        const { sentence, detail } = describeError(error);
        toast.error(sentence, detail === null ? {} : { description: detail });
        void queryClient.invalidateQueries(trpc.runs.get.queryFilter({ projectId, runId }));
      },
    }),
  );
  if (!mayCancel || isFinalRunStatus(run.status)) return null;
  return (
    <>
      <Button
        tone="danger"
        isBusy={cancel.isPending || run.isCancelRequested}
        onClick={() => setIsAsking(true)}
      >
        {run.isCancelRequested ? "Stopping…" : "Cancel run"}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        onOpenChange={setIsAsking}
        title={`Cancel run ${run.number}?`}
        description="It stops after the present step and cannot go on. Its curve stays; there will be no model."
        keepLabel="Keep running"
        confirmLabel="Cancel the run"
        onConfirm={() => cancel.mutate({ projectId, runId })}
      />
    </>
  );
}
