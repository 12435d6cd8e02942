"use client";

import { type InspectionView, isFinalInspectionStatus } from "@loupe/contracts";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";

import { Button } from "../../../components/button.tsx";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { describeError } from "../../../lib/describe-error.ts";
import { useTRPC } from "../../../lib/trpc.tsx";
import { useCan, useProject } from "../../projects/index.ts";

/** Stops an inspection that waits or is under way, for those who may. */
export function CancelInspectionButton({ view }: { readonly view: InspectionView }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { id: projectId } = useProject();
  const mayWrite = useCan("inspection:write");
  const [isAsking, setIsAsking] = useState(false);
  const cancel = useMutation(
    trpc.inspections.cancel.mutationOptions({
      onError: (error) => {
        const { sentence, detail } = describeError(error);
        toast.error(sentence, detail === null ? {} : { description: detail });
      },
      onSettled: () =>
        queryClient.invalidateQueries(trpc.inspections.list.queryFilter({ projectId })),
    }),
  );
  if (!mayWrite || isFinalInspectionStatus(view.status)) return null;
  return (
    <>
      <Button
        size="sm"
        isBusy={cancel.isPending}
        onClick={() => setIsAsking(true)}
        aria-label={`Cancel ${view.name}`}
      >
        Cancel
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        onOpenChange={setIsAsking}
        title={`Cancel ${view.name}?`}
        description="Its pictures, scores and cases are taken back. Cases that somebody has given a verdict on stay."
        keepLabel="Keep scoring"
        confirmLabel="Cancel the inspection"
        onConfirm={() => cancel.mutate({ projectId, inspectionId: view.id })}
      />
    </>
  );
}
