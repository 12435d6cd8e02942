"use client";

import type { ModelVersionView, BaselineView } from "@loupe/contracts";
import { BASELINE_METHOD, type MethodEntry, METHODS, presetRun } from "@loupe/model/catalog";
import { useMutation } from "@tanstack/react-query";
import { Ruler } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";

import { Button } from "../../../components/button.tsx";
import { Card } from "../../../components/card.tsx";
import { describeError } from "../../../lib/describe-error.ts";
import { formatVersion } from "../../../lib/format-version.ts";
import { useTRPC } from "../../../lib/trpc.tsx";
import { useCan, useProject } from "../../projects/index.ts";
import { formatAuroc } from "./format-auroc.ts";

type BaselineCardProps = {
  readonly model: ModelVersionView;
  readonly baseline: BaselineView | null;
};

/** How the model does against the nearest neighbour of a memory bank, which needs no training. */
export function BaselineCard({ model, baseline }: BaselineCardProps) {
  const { id: projectId } = useProject();
  const note = `on dataset ${formatVersion(model.datasetVersion)}`;
  if (baseline === null) {
    return (
      <Card title="Baseline" note={note}>
        <NoBaseline model={model} />
      </Card>
    );
  }
  if (baseline.modelVersionId === model.id) {
    return (
      <Card title="Baseline" note={note}>
        <p className="text-ink-2 text-sm">
          This model is the baseline: every other method on these images is held against it.
        </p>
      </Card>
    );
  }
  const { evaluation } = model;
  return (
    <Card title="Baseline" note={note}>
      <p className="num text-base">
        Baseline: nearest neighbour{" "}
        <strong>
          {formatAuroc(baseline.meanImageAuroc)} / {formatAuroc(baseline.meanPixelAuroc)}
        </strong>{" "}
        <span className="text-ink-3 text-sm">mean image / pixel AUROC in per cent, by </span>
        <Link
          href={`/projects/${projectId}/models/${baseline.modelVersionId}`}
          className="text-accent underline"
        >
          version {baseline.number}
        </Link>{" "}
        <span className="text-ink-3 text-sm">on {baseline.encoder}</span>
      </p>
      {evaluation && (
        <p className="num text-ink-2 mt-1 text-sm">
          {describeLead("image", evaluation.meanImageAuroc, baseline.meanImageAuroc)}{" "}
          {describeLead("pixel", evaluation.meanPixelAuroc, baseline.meanPixelAuroc)}
        </p>
      )}
    </Card>
  );
}

function describeLead(what: string, mine: number | null, bank: number | null): string {
  if (mine === null || bank === null) return "";
  const points = 100 * (mine - bank);
  if (Math.abs(points) < 0.05) return `Level with it in ${what} AUROC.`;
  const side = points > 0 ? "above" : "below";
  return `${Math.abs(points).toFixed(1)} points ${side} it in ${what} AUROC.`;
}

/** No bank yet: start one with this model's encoder and categories. */
function NoBaseline({ model }: { readonly model: ModelVersionView }) {
  const trpc = useTRPC();
  const router = useRouter();
  const { id: projectId } = useProject();
  const mayStart = useCan("run:write");
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const start = useMutation(
    trpc.runs.start.mutationOptions({
      onSuccess: (run) => router.push(`/projects/${projectId}/train/${run.id}`),
    }),
  );
  const refusal = start.error ? describeError(start.error) : null;
  const entry: MethodEntry = METHODS[BASELINE_METHOD];
  return (
    <div className="flex flex-wrap items-center gap-3">
      <p className="text-ink-2 min-w-0 grow basis-60 text-sm">
        Nobody has measured the nearest neighbour on these images yet. {entry.summary}
      </p>
      {mayStart && (
        <Button
          isBusy={start.isPending || start.isSuccess}
          onClick={() =>
            start.mutate({
              projectId,
              datasetVersionId: model.datasetVersion.id,
              method: BASELINE_METHOD,
              encoder: model.encoder,
              ...presetRun(BASELINE_METHOD, "fast", 1),
              seed: 0,
              provider: "cpu",
              category: model.category,
              idempotencyKey,
            })
          }
        >
          <Ruler aria-hidden className="size-4" /> Train one, about a minute
        </Button>
      )}
      {refusal && (
        <p role="alert" className="text-defect w-full text-sm">
          {refusal.detail ?? refusal.sentence}
        </p>
      )}
    </div>
  );
}
