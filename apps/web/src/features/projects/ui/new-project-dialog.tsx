"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { CreateProjectInput } from "@loupe/contracts";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useForm } from "react-hook-form";

import { Button } from "../../../components/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "../../../components/dialog.tsx";
import { Field } from "../../../components/field.tsx";
import { TextInput } from "../../../components/text-input.tsx";
import { describeError } from "../../../lib/describe-error.ts";
import { useTRPC } from "../../../lib/trpc.tsx";

type NewProjectDialogProps = {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
};

/** Asks for a name, creates the project, and goes to its data page, where everything begins. */
export function NewProjectDialog({ isOpen, onOpenChange }: NewProjectDialogProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const form = useForm<CreateProjectInput>({
    resolver: zodResolver(CreateProjectInput),
    defaultValues: { name: "" },
  });
  const create = useMutation(
    trpc.projects.create.mutationOptions({
      onSuccess: (project) => {
        void queryClient.invalidateQueries(trpc.projects.list.queryFilter());
        router.push(`/projects/${project.id}/data`);
      },
      onError: (error) => {
        const { sentence, detail } = describeError(error);
        form.setError("name", { message: detail ?? sentence });
      },
    }),
  );

  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title="New project"
      description="One product family under inspection: its pictures, models and decisions."
    >
      <form noValidate onSubmit={form.handleSubmit((input) => create.mutate(input))}>
        <DialogBody>
          <Field label="Project name" error={form.formState.errors.name?.message}>
            {(ids) => (
              <TextInput
                autoComplete="off"
                placeholder="Transistors, line 2"
                maxLength={80}
                {...ids}
                {...form.register("name")}
              />
            )}
          </Field>
        </DialogBody>
        <DialogFooter>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" tone="primary" isBusy={create.isPending || create.isSuccess}>
            Create project
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
