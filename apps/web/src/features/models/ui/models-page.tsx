"use client";

import { useQuery } from "@tanstack/react-query";
import { Boxes } from "lucide-react";
import Link from "next/link";

import { Button } from "../../../components/button.tsx";
import { Card } from "../../../components/card.tsx";
import { DataTable, Td, Th } from "../../../components/data-table.tsx";
import { EmptyState } from "../../../components/empty-state.tsx";
import { ErrorState } from "../../../components/error-state.tsx";
import { PageHeader } from "../../../components/page-header.tsx";
import { LoadingRows } from "../../../components/skeleton.tsx";
import { cn } from "../../../lib/cn.ts";
import { formatCount } from "../../../lib/format-count.ts";
import { formatTimeAgo } from "../../../lib/format-time-ago.ts";
import { useTRPC } from "../../../lib/trpc.tsx";
import { useNow } from "../../../lib/use-now.ts";
import { formatVersion } from "../../../lib/format-version.ts";
import { useCan, useProject } from "../../projects/index.ts";
import { methodTitle } from "../../runs/index.ts";
import { ActivateButton } from "./activate-button.tsx";
import { ActiveChip } from "./active-chip.tsx";
import { formatAuroc } from "./format-auroc.ts";

/** The model versions of the project, newest first. */
export function ModelsPage() {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const nowMs = useNow();
  const mayActivate = useCan("model:activate");
  const models = useQuery(trpc.models.list.queryOptions({ projectId }));

  return (
    <div>
      <PageHeader
        title="Models"
        facts={
          models.data && (
            <span className="num text-ink-2 text-sm">
              {formatCount(models.data.length, "version")}
            </span>
          )
        }
      />
      <div className="px-5.5 pb-6">
        <Card className="p-0">
          {models.isPending && <LoadingRows rows={3} className="p-4" />}
          {models.isError && (
            <ErrorState error={models.error} onRetry={() => void models.refetch()} />
          )}
          {models.data?.length === 0 && (
            <EmptyState
              icon={<Boxes />}
              title="No model yet"
              action={
                <Button asChild>
                  <Link href={`/projects/${projectId}/train`}>Go to training</Link>
                </Button>
              }
            >
              A training run that succeeds leaves a model here, with its figures and where they come
              from.
            </EmptyState>
          )}
          {models.data && models.data.length > 0 && (
            <DataTable label="Model versions">
              <thead>
                <tr>
                  <Th className="pl-4">Version</Th>
                  <Th isNumber>Image AUROC, mean</Th>
                  <Th isNumber>Pixel AUROC, mean</Th>
                  <Th isNumber>Images a second</Th>
                  <Th>Dataset</Th>
                  <Th>Run</Th>
                  <Th isNumber className={mayActivate ? "" : "pr-4"}>
                    Made
                  </Th>
                  {mayActivate && (
                    <Th className="pr-4 max-md:hidden">
                      <span className="sr-only">Scores for the team</span>
                    </Th>
                  )}
                </tr>
              </thead>
              <tbody>
                {models.data.map((model) => (
                  <tr key={model.id} className="hover:bg-sunken">
                    <th
                      scope="row"
                      className="border-line border-b px-2.5 py-2 pl-4 text-left font-normal"
                    >
                      <Link
                        href={`/projects/${projectId}/models/${model.id}`}
                        className="text-accent font-medium hover:underline"
                      >
                        Version {model.number}
                      </Link>{" "}
                      {model.isActive && <ActiveChip />}
                      <span className="text-ink-2 block text-sm">
                        {methodTitle(model.method)} on {model.encoder}
                        {model.category !== null && `, only ${model.category}`}
                      </span>
                      {/* The last column lies outside a phone's screen. */}
                      <span className="mt-1.5 block empty:hidden md:hidden">
                        <ActivateButton model={model} />
                      </span>
                    </th>
                    <Td isNumber className="font-semibold">
                      {formatAuroc(model.evaluation?.meanImageAuroc ?? null)}
                    </Td>
                    <Td isNumber className="font-semibold">
                      {formatAuroc(model.evaluation?.meanPixelAuroc ?? null)}
                    </Td>
                    <Td isNumber>
                      {model.evaluation && model.evaluation.secondsPerImage > 0
                        ? (1 / model.evaluation.secondsPerImage).toFixed(1)
                        : "–"}
                    </Td>
                    <Td className="whitespace-nowrap">{formatVersion(model.datasetVersion)}</Td>
                    <Td>
                      <Link
                        href={`/projects/${projectId}/train/${model.run.id}`}
                        className="text-accent hover:underline"
                      >
                        Run {model.run.number}
                      </Link>
                    </Td>
                    <Td
                      isNumber
                      className={cn("text-ink-2 whitespace-nowrap", !mayActivate && "pr-4")}
                    >
                      {formatTimeAgo(model.createdAt, nowMs)}
                    </Td>
                    {mayActivate && (
                      <Td isNumber className="pr-4 max-md:hidden">
                        <ActivateButton model={model} />
                      </Td>
                    )}
                  </tr>
                ))}
              </tbody>
            </DataTable>
          )}
        </Card>
      </div>
    </div>
  );
}
