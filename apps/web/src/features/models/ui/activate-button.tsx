"use client";

import type { ModelVersionView } from "@loupe/contracts";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";

import { Button } from "../../../components/button.tsx";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { describeError } from "../../../lib/describe-error.ts";
import { useTRPC } from "../../../lib/trpc.tsx";
import { useCan, useProject } from "../../projects/index.ts";

type ActivateButtonProps = {
  readonly model: Pick<ModelVersionView, "id" | "number" | "isActive">;
};

/** Lets a version score for the team; nothing where it does already, or for those who may not say so. */
export function ActivateButton({ model: { id, number, isActive } }: ActivateButtonProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { id: projectId } = useProject();
  const mayActivate = useCan("model:activate");
  const [isAsking, setIsAsking] = useState(false);
  const activate = useMutation(
    trpc.models.activate.mutationOptions({
      onError: (error) => {
        const { sentence, detail } = describeError(error);
        toast.error(sentence, detail === null ? {} : { description: detail });
      },
      onSuccess: async () => {
        await queryClient.invalidateQueries(trpc.models.pathFilter());
        await queryClient.invalidateQueries(trpc.projects.get.queryFilter({ projectId }));
      },
    }),
  );
  if (isActive || !mayActivate) return null;
  return (
    <>
      <Button
        onClick={() => setIsAsking(true)}
        isBusy={activate.isPending}
        aria-label={`Make version ${number} active`}
      >
        Make active
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        onOpenChange={setIsAsking}
        title={`Let version ${number} score for the team?`}
        description="Cases that nobody has decided move to its scores, and those that it has not scored yet follow. What is decided stays as it is."
        confirmLabel={`Make version ${number} active`}
        keepLabel="Leave it"
        tone="primary"
        onConfirm={() => activate.mutate({ projectId, modelVersionId: id })}
      />
    </>
  );
}
