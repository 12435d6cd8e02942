"use client";

import { isFinalPullStatus } from "@loupe/contracts";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, Download } from "lucide-react";

import { Button } from "../../../../components/button.tsx";
import { Notice } from "../../../../components/notice.tsx";
import { Progress } from "../../../../components/progress.tsx";
import { describeError } from "../../../../lib/describe-error.ts";
import { formatBytes } from "../../../../lib/format-bytes.ts";
import { useTRPC } from "../../../../lib/trpc.tsx";
import { useCan, useProject } from "../../../projects/index.ts";
import { type EncoderChoice, newestPull } from "./encoder-choices.ts";

/** An encoder that no worker has yet: its download, from the offer to the end. */
export function EncoderDownload({ choice }: { readonly choice: EncoderChoice }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const { id: projectId } = useProject();
  const mayPull = useCan("encoder:pull");
  const pulls = useQuery(trpc.runs.pulls.queryOptions({ projectId }));
  const pull = newestPull(pulls.data ?? [], choice.name);
  const isUnderWay = pull !== null && !isFinalPullStatus(pull.status);
  const start = useMutation(
    trpc.runs.pullEncoder.mutationOptions({
      onSuccess: () => void client.invalidateQueries(trpc.runs.pulls.queryFilter({ projectId })),
    }),
  );
  const refusal = start.error ? describeError(start.error) : null;
  const failure = pull?.status === "failed" ? pull.error : null;
  const weight = formatBytes(choice.info.sizeBytes);

  if (isUnderWay) {
    const { bytesDone, bytesTotal } = pull;
    const share = bytesTotal > 0 ? bytesDone / bytesTotal : null;
    return (
      <Notice tone="info" icon={<Download />}>
        <p className="num">
          {pull.status === "queued"
            ? `Waiting for a worker to download ${choice.name}`
            : `Downloading ${choice.name}: ${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)}`}
        </p>
        <Progress label={`Download of ${choice.name}`} share={share} className="mt-1.5" />
      </Notice>
    );
  }
  if (pull?.status === "succeeded" && !start.isPending) {
    return (
      <Notice tone="good" icon={<CircleCheck />}>
        {choice.name} is downloaded. The worker is about to offer it.
      </Notice>
    );
  }
  const isBad = failure !== null || refusal !== null;
  return (
    <Notice
      tone={isBad ? "defect" : "info"}
      icon={isBad ? <CircleAlert /> : <Download />}
      isUrgent={isBad}
      actions={
        mayPull && (
          <Button
            size="sm"
            isBusy={start.isPending}
            onClick={() => start.mutate({ projectId, encoder: choice.name })}
          >
            {failure === null ? `Download ${weight}` : "Try again"}
          </Button>
        )
      }
    >
      {refusal !== null && <p>{refusal.detail ?? refusal.sentence}</p>}
      {refusal === null && failure !== null && <p>{failure}</p>}
      {!isBad && (
        <p>
          No worker has {choice.name} yet. It comes from the Hugging Face hub and stays on the
          worker; the figures below hold already.
        </p>
      )}
    </Notice>
  );
}
