"use client";

import { type InspectionView, isFinalInspectionStatus } from "@loupe/contracts";
import { CircleAlert, CircleCheck, CircleSlash, Hourglass, ScanSearch } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";

import { Button } from "../../../components/button.tsx";
import { Progress } from "../../../components/progress.tsx";
import { formatCount } from "../../../lib/format-count.ts";
import { formatTimeAgo } from "../../../lib/format-time-ago.ts";
import { useNow } from "../../../lib/use-now.ts";
import { useProject } from "../../projects/index.ts";
import { CancelInspectionButton } from "./cancel-inspection-button.tsx";

const SIGN = {
  uploading: <Hourglass aria-hidden className="text-ink-3" />,
  queued: <Hourglass aria-hidden className="text-ink-3" />,
  scoring: <ScanSearch aria-hidden className="text-accent" />,
  succeeded: <CircleCheck aria-hidden className="text-good" />,
  failed: <CircleAlert aria-hidden className="text-defect" />,
  cancelled: <CircleSlash aria-hidden className="text-ink-3" />,
} as const satisfies Record<InspectionView["status"], ReactNode>;

function summary(view: InspectionView): string {
  const total = formatCount(view.imagesTotal, "image");
  switch (view.status) {
    case "uploading":
      return "Being uploaded";
    case "queued":
      return `${total}, waiting for a worker`;
    case "scoring":
      return `Scoring: ${view.imagesDone.toLocaleString("en")} of ${total}`;
    case "succeeded":
      return `${total} scored`;
    case "failed":
      return view.error ?? "It failed without a reason.";
    case "cancelled":
      return view.error ?? "Cancelled.";
  }
}

/** One inspection: how far it is, and the way to its results. */
export function InspectionRow({ view }: { readonly view: InspectionView }) {
  const { id: projectId } = useProject();
  const nowMs = useNow();
  return (
    <li className="grid gap-1.5 py-2.5">
      <div className="flex items-start gap-2 [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0">
        {SIGN[view.status]}
        <div className="min-w-0 grow">
          <p className="truncate font-medium">
            <span className="num">{view.number}</span> · {view.name}
          </p>
          <p className="num text-ink-2 text-sm">{summary(view)}</p>
          <p className="num text-ink-3 text-xs">
            model version {view.model.number} · {view.createdBy} ·{" "}
            {formatTimeAgo(view.createdAt, nowMs)}
          </p>
        </div>
        {view.imagesDone > 0 && (
          <Button asChild size="sm">
            <Link
              href={`/projects/${projectId}/review?inspection=${view.id}&state=all`}
              aria-label={`Review ${view.name}`}
            >
              Review
            </Link>
          </Button>
        )}
        <CancelInspectionButton view={view} />
      </div>
      {!isFinalInspectionStatus(view.status) && (
        <Progress
          label={`Scoring ${view.name}`}
          share={view.status === "scoring" ? view.imagesDone / Math.max(1, view.imagesTotal) : null}
        />
      )}
    </li>
  );
}
