"use client";

import { isFinalFreezeStatus } from "@loupe/contracts";
import { useQuery } from "@tanstack/react-query";
import { CircleAlert, Lock } from "lucide-react";

import { Card } from "../../../components/card.tsx";
import { ErrorState } from "../../../components/error-state.tsx";
import { LoadingRows } from "../../../components/skeleton.tsx";
import { formatCount } from "../../../lib/format-count.ts";
import { formatTimeAgo } from "../../../lib/format-time-ago.ts";
import { useTRPC } from "../../../lib/trpc.tsx";
import { useNow } from "../../../lib/use-now.ts";
import { formatVersion } from "../../../lib/format-version.ts";
import { useProject } from "../../projects/index.ts";
import { FreezeProgress } from "./freeze-progress.tsx";

/** The frozen versions of the dataset, newest first. */
export function VersionList() {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const nowMs = useNow();
  const versions = useQuery(trpc.data.versions.queryOptions({ projectId }));
  const freezes = useQuery(trpc.data.freezes.queryOptions({ projectId }));
  const underWay = freezes.data?.filter(({ status }) => !isFinalFreezeStatus(status)) ?? [];
  // A failure is news until somebody freezes again.
  const failed = freezes.data?.slice(0, 1).find(({ status }) => status === "failed");
  return (
    <Card title="Dataset versions">
      {versions.isPending && <LoadingRows rows={1} />}
      {versions.isError && (
        <ErrorState
          error={versions.error}
          onRetry={() => void versions.refetch()}
          className="py-4"
        />
      )}
      {(underWay.length > 0 || failed !== undefined) && (
        <ul className="divide-line mb-2 grid divide-y">
          {underWay.map((freeze) => (
            <li key={freeze.id} className="grid gap-1 py-2.5">
              <p className="truncate font-medium">{freeze.name ?? "New version"}</p>
              <FreezeProgress freeze={freeze} />
            </li>
          ))}
          {failed !== undefined && (
            <li className="flex gap-2 py-2.5">
              <CircleAlert aria-hidden className="text-defect mt-0.5 size-4 shrink-0" />
              <p className="text-ink-2 text-sm">
                <span className="text-ink font-medium">{failed.name ?? "New version"}</span>:{" "}
                {failed.error}
              </p>
            </li>
          )}
        </ul>
      )}
      {versions.data?.length === 0 && underWay.length === 0 && (
        <p className="text-ink-2 text-sm">
          A run trains on a frozen version, so that its figures can be told from where they come.
          Freeze one when the pictures are in.
        </p>
      )}
      {versions.data && versions.data.length > 0 && (
        <ul className="divide-line -my-1 grid max-h-80 divide-y overflow-y-auto">
          {versions.data.map((version) => (
            <li key={version.id} className="flex gap-2 py-2.5">
              <Lock aria-hidden className="text-ink-3 mt-0.5 size-4 shrink-0" />
              <div className="min-w-0">
                <p className="truncate font-medium">{formatVersion(version)}</p>
                <p className="num text-ink-2 text-sm">
                  {version.trainImages.toLocaleString("en")} train ·{" "}
                  {version.testImages.toLocaleString("en")} test (
                  {version.defectiveImages.toLocaleString("en")} defective) ·{" "}
                  {formatCount(version.categories.length, "category", "categories")}
                </p>
                <p className="num text-ink-3 text-xs">
                  <span className="font-mono" title={`Manifest ${version.manifestHash}`}>
                    {version.manifestHash.slice(0, 10)}
                  </span>{" "}
                  · {version.createdBy} · {formatTimeAgo(version.createdAt, nowMs)}
                </p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
