"use client";

import { DEFAULT_ENCODER, ENCODER_CATALOGUE } from "@loupe/model/catalog";
import { useQuery } from "@tanstack/react-query";
import { CloudOff, Lock } from "lucide-react";
import Link from "next/link";

import { Button } from "../../../../components/button.tsx";
import { Dialog, DialogBody } from "../../../../components/dialog.tsx";
import { EmptyState } from "../../../../components/empty-state.tsx";
import { ErrorState } from "../../../../components/error-state.tsx";
import { LoadingRows } from "../../../../components/skeleton.tsx";
import { useTRPC } from "../../../../lib/trpc.tsx";
import { useProject } from "../../../projects/index.ts";
import { firstEncoder, listEncoderChoices } from "./encoder-choices.ts";
import { StartRunForm } from "./start-run-form.tsx";

/** Workers come and go; while the dialog is open their list is asked for again. */
const WORKERS_EVERY_MS = 3000;

/** What a run needs before it can be planned: a frozen version and a worker. */
export function StartRunDialog({ onClose }: { readonly onClose: () => void }) {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const versions = useQuery(trpc.data.versions.queryOptions({ projectId }));
  const workers = useQuery(
    trpc.runs.workers.queryOptions({ projectId }, { refetchInterval: WORKERS_EVERY_MS }),
  );
  const choices = listEncoderChoices(workers.data ?? [], ENCODER_CATALOGUE);
  const failed = versions.isError ? versions : workers.isError ? workers : null;

  const body = () => {
    if (failed) {
      return <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />;
    }
    if (!versions.data || !workers.data) {
      return (
        <DialogBody>
          <LoadingRows rows={4} />
        </DialogBody>
      );
    }
    const [version, ...older] = versions.data;
    if (version === undefined) {
      return (
        <EmptyState
          icon={<Lock />}
          title="Freeze a dataset version first"
          action={
            <Button asChild tone="primary">
              <Link href={`/projects/${projectId}/data`}>Go to the data</Link>
            </Button>
          }
        >
          A run trains on a frozen version, so that its figures stay true.
        </EmptyState>
      );
    }
    if (workers.data.length === 0) {
      return (
        <EmptyState icon={<CloudOff />} title="No worker is running">
          Training happens in a worker process. “npm start” brings one up; this dialog notices by
          itself when it is there.
        </EmptyState>
      );
    }
    return (
      <StartRunForm
        versions={[version, ...older]}
        choices={choices}
        encoder={firstEncoder(choices, DEFAULT_ENCODER)}
        onClose={onClose}
      />
    );
  };

  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="New run"
      description="Train a model on a frozen dataset version. The defaults are a good start."
      className="max-w-2xl"
    >
      {body()}
    </Dialog>
  );
}
