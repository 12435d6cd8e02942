"use client";

import {
  type ImportOutcome,
  type ImportView,
  isFinalImportStatus,
  showInvisible,
} from "@loupe/contracts";
import { Ban, CircleAlert, CircleCheck, CircleSlash, Hourglass } from "lucide-react";
import type { ReactNode } from "react";

import { Button } from "../../../components/button.tsx";
import { Progress } from "../../../components/progress.tsx";
import { formatBytes } from "../../../lib/format-bytes.ts";
import { formatCount } from "../../../lib/format-count.ts";
import { formatTimeAgo } from "../../../lib/format-time-ago.ts";
import { useNow } from "../../../lib/use-now.ts";
import { CancelImportButton } from "./cancel-import-button.tsx";

const SIGN = {
  uploaded: <Hourglass aria-hidden className="text-ink-3" />,
  running: <Hourglass aria-hidden className="text-accent" />,
  succeeded: <CircleCheck aria-hidden className="text-good" />,
  refused: <Ban aria-hidden className="text-defect" />,
  failed: <CircleAlert aria-hidden className="text-defect" />,
  cancelling: <Hourglass aria-hidden className="text-ink-3" />,
  cancelled: <CircleSlash aria-hidden className="text-ink-3" />,
} as const satisfies Record<ImportView["status"], ReactNode>;

function summary(view: ImportView): string {
  if (view.status === "uploaded") return "Waiting for a worker";
  if (view.status === "running") {
    return view.filesTotal === null
      ? `${formatCount(view.filesDone, "file")} read`
      : `${view.filesDone.toLocaleString("en")} of ${formatCount(view.filesTotal, "file")}`;
  }
  if (view.status === "cancelling") return "Taking back what was stored";
  if (view.status === "cancelled") return "Nothing of it was kept";
  if (view.status !== "succeeded") return view.error ?? "It ended without a reason.";
  const count = (...outcomes: ImportOutcome[]) =>
    outcomes.reduce((sum, outcome) => sum + (view.outcomes[outcome] ?? 0), 0);
  const accepted = count("accepted", "mask_accepted");
  const duplicates = count("duplicate");
  const rest = Object.values(view.outcomes).reduce((sum, n) => sum + n, 0) - accepted - duplicates;
  return [
    `${accepted.toLocaleString("en")} accepted`,
    duplicates > 0 && formatCount(duplicates, "duplicate"),
    rest > 0 && `${rest.toLocaleString("en")} not taken`,
  ]
    .filter(Boolean)
    .join(" · ");
}

const STATUS_WORD = {
  uploaded: "Waiting",
  running: "Importing",
  succeeded: "Imported",
  refused: "Refused",
  failed: "Failed",
  cancelling: "Cancelling",
  cancelled: "Cancelled",
} as const satisfies Record<ImportView["status"], string>;

/** One import: what it was, how far it is, what came of it. */
export function ImportRow({
  view,
  onShowReport,
}: {
  readonly view: ImportView;
  readonly onShowReport: () => void;
}) {
  const nowMs = useNow();
  const fileName = showInvisible(view.fileName);
  const isDone = isFinalImportStatus(view.status);
  const hasReport = isDone && Object.keys(view.outcomes).length > 0;
  const isBad = view.status === "refused" || view.status === "failed";
  return (
    <li className="grid gap-1.5 py-2.5">
      <div className="flex items-start gap-2 [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0">
        {SIGN[view.status]}
        <div className="min-w-0 grow">
          <p className="truncate font-medium" title={fileName}>
            {fileName}
          </p>
          <p className="num text-ink-2 text-sm">
            <span className="text-ink font-medium">{STATUS_WORD[view.status]}</span>
            {isBad ? ": " : " · "}
            {summary(view)}
          </p>
          <p className="num text-ink-3 text-xs">
            {formatBytes(view.sizeBytes)} · {view.createdBy} ·{" "}
            {formatTimeAgo(view.createdAt, nowMs)}
          </p>
        </div>
        {hasReport && (
          <Button size="sm" onClick={onShowReport} aria-label={`Report of ${fileName}`}>
            Report
          </Button>
        )}
        <CancelImportButton view={view} />
      </div>
      {!isDone && (
        <Progress
          label={`Importing ${fileName}`}
          share={
            view.filesTotal === null || view.status !== "running"
              ? null
              : view.filesDone / Math.max(1, view.filesTotal)
          }
        />
      )}
    </li>
  );
}
