"use client";

import type { ModelVersionId, ModelVersionView } from "@loupe/contracts";
import { useQuery } from "@tanstack/react-query";
import { Download, Info, Scale } from "lucide-react";
import Link from "next/link";

import { Button } from "../../../components/button.tsx";
import { Card } from "../../../components/card.tsx";
import { Chip } from "../../../components/chip.tsx";
import { EmptyState } from "../../../components/empty-state.tsx";
import { ErrorState } from "../../../components/error-state.tsx";
import { Facts } from "../../../components/facts.tsx";
import { Notice } from "../../../components/notice.tsx";
import { PageHeader } from "../../../components/page-header.tsx";
import { LoadingRows } from "../../../components/skeleton.tsx";
import { formatBytes } from "../../../lib/format-bytes.ts";
import { formatDuration } from "../../../lib/format-duration.ts";
import { useTRPC } from "../../../lib/trpc.tsx";
import { formatVersion } from "../../../lib/format-version.ts";
import { useCan, useProject } from "../../projects/index.ts";
import {
  describeLength,
  methodTitle,
  presetTitle,
  PROVIDER_LABEL,
  UsedSettings,
} from "../../runs/index.ts";
import { ActivateButton } from "./activate-button.tsx";
import { ActiveChip } from "./active-chip.tsx";
import { MetricsTable } from "./metrics-table.tsx";
import { ScalesCard } from "./scales-card.tsx";
import { ScoreHistogram } from "./score-histogram.tsx";
import { BaselineCard } from "./baseline-card.tsx";

/** A model version: how well it does, category by category, and where it comes from. */
export function ModelPage({ modelVersionId }: { readonly modelVersionId: ModelVersionId }) {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const mayDownload = useCan("model:download");
  const model = useQuery(trpc.models.get.queryOptions({ projectId, modelVersionId }));
  const baseline = useQuery(trpc.models.baseline.queryOptions({ projectId, modelVersionId }));

  if (model.isError) return <ErrorState error={model.error} onRetry={() => void model.refetch()} />;
  if (!model.data) return <LoadingRows rows={6} className="p-5.5" />;
  const { number, method, encoder, datasetVersion, run, evaluation, category, note } = model.data;

  return (
    <div>
      <PageHeader
        trail={
          <>
            <Link href={`/projects/${projectId}/models`} className="hover:underline">
              Models
            </Link>{" "}
            / version {number}
          </>
        }
        title={`Version ${number}`}
        facts={
          <>
            {model.data.isActive && <ActiveChip />}
            <Chip>
              {methodTitle(method)} on {encoder}
            </Chip>
            {category !== null && <Chip>only {category}</Chip>}
            <Chip>dataset: {formatVersion(datasetVersion)}</Chip>
            <Chip>run {run.number}</Chip>
          </>
        }
        actions={
          <>
            <ActivateButton model={model.data} />
            {mayDownload && (
              <Button asChild>
                <a href={`/api/models/${modelVersionId}/file`} download>
                  <Download aria-hidden className="size-4" /> Download
                </a>
              </Button>
            )}
            <Button asChild tone="primary">
              <Link href={`/projects/${projectId}/review`}>Review its findings</Link>
            </Button>
          </>
        }
      />
      <div className="grid grid-cols-1 items-start gap-4 px-5.5 pb-6 lg:grid-cols-2">
        <div className="grid min-w-0 grid-cols-1 gap-4">
          {note !== null && (
            <Notice tone="info" icon={<Info />}>
              {note}
            </Notice>
          )}
          <Card
            title="Per category"
            {...(evaluation && {
              note: `test images of dataset ${formatVersion(evaluation.datasetVersion)}, in per cent`,
            })}
          >
            {evaluation ? (
              <MetricsTable
                evaluation={evaluation}
                baseline={
                  baseline.data?.modelVersionId === modelVersionId ? null : (baseline.data ?? null)
                }
              />
            ) : (
              <EmptyState icon={<Scale />} title="Not measured yet" className="py-8">
                The figures come when the run has scored the test images.
              </EmptyState>
            )}
          </Card>
          {baseline.isError && (
            <Card title="Baseline">
              <ErrorState error={baseline.error} onRetry={() => void baseline.refetch()} />
            </Card>
          )}
          {baseline.isSuccess && <BaselineCard model={model.data} baseline={baseline.data} />}
          <ScoreHistogram model={model.data} />
        </div>
        <div className="grid min-w-0 grid-cols-1 gap-4">
          <Origin model={model.data} />
          <ScalesCard model={model.data} />
          <UsedSettings method={method} preset={run.preset} settings={run.settings} />
        </div>
      </div>
    </div>
  );
}

function Origin({ model }: { readonly model: ModelVersionView }) {
  const { id: projectId } = useProject();
  return (
    <Card title="Origin">
      <Facts
        rows={[
          [
            "Run",
            <Link
              key="run"
              href={`/projects/${projectId}/train/${model.run.id}`}
              className="text-accent hover:underline"
            >
              {model.run.number}
            </Link>,
          ],
          ["Dataset version", formatVersion(model.datasetVersion)],
          ["Method", methodTitle(model.method)],
          ["Preset", presetTitle(model.method, model.run.preset)],
          describeLength({ ...model.run, method: model.method }),
          ["Categories", model.category ?? "all in one model"],
          ["Encoder", model.encoder],
          ["Seed", model.run.seed],
          [
            "Trained on",
            `${PROVIDER_LABEL[model.provider]}${model.device ? `, ${model.device}` : ""}, in ${formatDuration(model.trainSeconds)}`,
          ],
          [
            "Seconds an image",
            model.evaluation ? model.evaluation.secondsPerImage.toFixed(3) : "–",
          ],
          ["File", formatBytes(model.sizeBytes)],
          [
            "SHA-256",
            <span key="hash" className="font-mono text-xs break-all">
              {model.sha256}
            </span>,
          ],
          ["Made", model.createdAt.toLocaleString()],
        ]}
      />
    </Card>
  );
}
