"use client";

import type { ImportView } from "@loupe/contracts";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";

import { Button } from "../../../components/button.tsx";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { describeError } from "../../../lib/describe-error.ts";
import { useTRPC } from "../../../lib/trpc.tsx";
import { useCan, useProject } from "../../projects/index.ts";

/** Stops an import that waits or is under way, for those who may. */
export function CancelImportButton({ view }: { readonly view: ImportView }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { id: projectId } = useProject();
  const mayWrite = useCan("data:write");
  const [isAsking, setIsAsking] = useState(false);
  const cancel = useMutation(
    trpc.data.cancelImport.mutationOptions({
      onError: (error) => {
        const { sentence, detail } = describeError(error);
        toast.error(sentence, detail === null ? {} : { description: detail });
      },
      onSettled: () => queryClient.invalidateQueries(trpc.data.imports.queryFilter({ projectId })),
    }),
  );
  const isWaiting = view.status === "uploaded";
  if (!mayWrite || (!isWaiting && view.status !== "running")) return null;
  return (
    <>
      <Button
        size="sm"
        isBusy={cancel.isPending}
        onClick={() => setIsAsking(true)}
        aria-label={`Cancel the import of ${view.fileName}`}
      >
        Cancel
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        onOpenChange={setIsAsking}
        title={`Cancel the import of ${view.fileName}?`}
        description="What has been stored of it is taken back. It cannot go on; to have the pictures, import them again."
        keepLabel="Keep importing"
        confirmLabel="Cancel the import"
        onConfirm={() => cancel.mutate({ projectId, importId: view.id })}
      />
    </>
  );
}
