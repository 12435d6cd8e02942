"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleAlert } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";

import { Button } from "../../../components/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "../../../components/dialog.tsx";
import { Field } from "../../../components/field.tsx";
import { Notice } from "../../../components/notice.tsx";
import { TextInput } from "../../../components/text-input.tsx";
import { describeError } from "../../../lib/describe-error.ts";
import { useTRPC } from "../../../lib/trpc.tsx";
import { formatVersion } from "../../../lib/format-version.ts";
import { useProject } from "../../projects/index.ts";

type FreezeDialogProps = {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
};

/** Freezes the present images, labels, splits and masks into a version that never changes. */
export function FreezeDialog({ isOpen, onOpenChange }: FreezeDialogProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { id: projectId } = useProject();
  const [name, setName] = useState("");
  const freeze = useMutation(
    trpc.data.freeze.mutationOptions({
      onSuccess: ({ version, isNew }) => {
        void queryClient.invalidateQueries(trpc.data.versions.queryFilter({ projectId }));
        setName("");
        onOpenChange(false);
        if (isNew) toast.success(`Frozen as version ${version.number}.`);
        else {
          toast.info(`Already frozen as version ${version.number}.`, {
            description: `Nothing has changed since ${formatVersion(version)}, so it is used again.`,
          });
        }
      },
    }),
  );
  const failure = freeze.error ? describeError(freeze.error) : null;
  const trimmed = name.trim();

  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={(next) => {
        freeze.reset();
        onOpenChange(next);
      }}
      title="Freeze a dataset version"
      description="The images with their splits, labels and masks as they are now. A version never changes, so every figure can be told from where it comes."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          freeze.mutate({ projectId, ...(trimmed !== "" && { name: trimmed }) });
        }}
      >
        <DialogBody>
          {failure && (
            <Notice tone="defect" icon={<CircleAlert />} isUrgent>
              {failure.detail ?? failure.sentence}
            </Notice>
          )}
          <Field label="Version name" hint="May stay empty; the version then goes by its number.">
            {(ids) => (
              <TextInput
                {...ids}
                value={name}
                maxLength={80}
                autoComplete="off"
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
        </DialogBody>
        <DialogFooter>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" tone="primary" isBusy={freeze.isPending}>
            Freeze
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
