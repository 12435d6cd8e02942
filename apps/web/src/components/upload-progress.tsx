"use client";

import { CircleAlert, X } from "lucide-react";

import { describeError } from "../lib/describe-error.ts";
import { formatBytes } from "../lib/format-bytes.ts";
import { formatDuration } from "../lib/format-duration.ts";
import { useNow } from "../lib/use-now.ts";
import type { UploadState } from "../lib/use-upload.ts";
import { Button } from "./button.tsx";
import { Notice } from "./notice.tsx";
import { Progress } from "./progress.tsx";

type UploadProgressProps = {
  readonly state: UploadState;
  readonly onCancel: () => void;
  readonly onDismiss: () => void;
};

function timeLeft(state: Extract<UploadState, { phase: "sending" }>, nowMs: number): string | null {
  const seconds = (nowMs - state.startedAtMs) / 1000;
  if (state.total === null || state.sent === 0 || seconds < 2) return null;
  return formatDuration(((state.total - state.sent) * seconds) / state.sent);
}

/** How far an upload has got, or why it failed. Nothing while there is none. */
export function UploadProgress({ state, onCancel, onDismiss }: UploadProgressProps) {
  const nowMs = useNow();
  if (state.phase === "idle") return null;
  if (state.phase === "failed") {
    const { sentence, detail } = describeError(state.error);
    return (
      <Notice
        tone="defect"
        icon={<CircleAlert />}
        isUrgent
        actions={
          <Button tone="quiet" size="iconSm" aria-label="Dismiss" onClick={onDismiss}>
            <X aria-hidden className="size-4" />
          </Button>
        }
      >
        <p className="font-medium">{state.name} was not uploaded.</p>
        <p>{detail ?? sentence}</p>
      </Notice>
    );
  }
  const left = timeLeft(state, nowMs);
  const isSent = state.total !== null && state.sent >= state.total;
  return (
    <div className="grid gap-1.5">
      <div className="num flex items-center gap-3 text-sm">
        <span className="min-w-0 truncate font-medium">
          {isSent ? "Checking" : "Uploading"} {state.name}
        </span>
        <span className="text-ink-2">
          {formatBytes(state.sent)}
          {state.total !== null && ` of ${formatBytes(state.total)}`}
          {left !== null && !isSent && ` · ${left} left`}
        </span>
        <Button size="sm" className="ml-auto" onClick={onCancel}>
          Cancel upload
        </Button>
      </div>
      <Progress
        label={`Uploading ${state.name}`}
        share={state.total === null || isSent ? null : state.sent / state.total}
      />
    </div>
  );
}
