"use client";

import { type DatasetVersionView, StartRunInput } from "@loupe/contracts";
import { type MethodEntry, METHODS } from "@loupe/model/catalog";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleAlert, Info } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";

import { Button } from "../../../../components/button.tsx";
import { DialogBody, DialogFooter } from "../../../../components/dialog.tsx";
import { Notice } from "../../../../components/notice.tsx";
import { describeError } from "../../../../lib/describe-error.ts";
import { useTRPC } from "../../../../lib/trpc.tsx";
import { useProject } from "../../../projects/index.ts";
import { EncoderDownload } from "./encoder-download.tsx";
import type { EncoderChoice } from "./encoder-choices.ts";
import { estimatePlan, type PlanChoice, type PlanEstimate } from "./estimate-plan.ts";
import { MethodFields } from "./method-fields.tsx";
import { PlanNumbers } from "./plan-numbers.tsx";
import { RunEstimate } from "./run-estimate.tsx";
import { firstPlan, readPlan, type RunPlan } from "./run-plan.ts";
import { SettingsEditor } from "../settings/settings-editor.tsx";
import { SubjectFields } from "./subject-fields.tsx";

type StartRunFormProps = {
  /** At least one. */
  readonly versions: readonly [DatasetVersionView, ...DatasetVersionView[]];
  readonly choices: readonly EncoderChoice[];
  readonly encoder: string;
  readonly onClose: () => void;
};

/** Plans a run, says what it will take, and starts it. */
export function StartRunForm({ versions, choices, encoder, onClose }: StartRunFormProps) {
  const { id: projectId } = useProject();
  // One key for all presses of this form's button, so that a doubled click starts one run.
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const [plan, setPlan] = useState(() => firstPlan(versions[0].id, encoder));
  const change = (part: Partial<RunPlan>) => setPlan({ ...plan, ...part });

  const version = versions.find(({ id }) => id === plan.datasetVersionId) ?? versions[0];
  const choice = choices.find(({ name }) => name === plan.encoder) ?? choices[0];
  const read = readPlan(plan, version);
  const { steps, batch, seed } = read.numbers;
  const method: MethodEntry = METHODS[plan.method];
  const { estimate, refusal } =
    choice && read.isSound
      ? tryEstimate({
          method: plan.method,
          settings: read.full,
          encoder: choice.info,
          steps: steps.value,
          batch: batch.value,
          images: read.images,
        })
      : { estimate: null, refusal: null };
  const note = choice && method.note(choice.info);
  const isReady = read.isSound && refusal === null && choice?.isPresent === true;
  const provider = choice?.providers.includes(plan.provider) === false ? "cpu" : plan.provider;
  const { start, isBusy, error } = useStart();
  const failure = error ? describeError(error) : null;

  const submit = () => {
    if (!isReady) return;
    const { scope } = plan;
    const input = StartRunInput.parse({
      projectId,
      datasetVersionId: version.id,
      method: plan.method,
      preset: plan.preset,
      encoder: choice.name,
      steps: steps.value,
      batch: batch.value,
      seed: seed.value,
      provider,
      settings: read.settings,
      category: scope.kind === "one" ? scope.category : null,
      idempotencyKey,
    });
    start(input, scope.kind === "each");
  };

  return (
    <form
      noValidate
      className="flex min-h-0 flex-col"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <DialogBody>
        {failure && (
          <Notice tone="defect" icon={<CircleAlert />} isUrgent>
            {failure.detail ?? failure.sentence}
          </Notice>
        )}
        <SubjectFields plan={plan} versions={versions} version={version} onChange={change} />
        <MethodFields
          plan={{ ...plan, provider }}
          choices={choices}
          choice={choice}
          onChange={change}
        />
        {note != null && (
          <Notice tone="info" icon={<Info />}>
            {note}
          </Notice>
        )}
        {refusal !== null && (
          <Notice tone="warn" icon={<CircleAlert />} isUrgent>
            {refusal}
          </Notice>
        )}
        {choice?.isPresent === false && <EncoderDownload key={choice.name} choice={choice} />}
        <PlanNumbers plan={plan} read={read} onChange={change} />
        <SettingsEditor
          key={`${plan.method} ${plan.preset}`}
          fields={read.fields}
          base={read.base}
          edits={plan.edits}
          problems={read.problems}
          onEdits={(edits) => change({ edits })}
        />
        <RunEstimate estimate={estimate} runs={read.runs} />
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" tone="primary" isBusy={isBusy} disabled={!isReady}>
          {read.runs > 1 ? `Start ${read.runs} runs` : "Start run"}
        </Button>
      </DialogFooter>
    </form>
  );
}

/** What the run will take, or why this encoder cannot be seen as the settings ask for. */
function tryEstimate(choice: PlanChoice): {
  estimate: PlanEstimate | null;
  refusal: string | null;
} {
  try {
    return { estimate: estimatePlan(choice), refusal: null };
  } catch (error) {
    return { estimate: null, refusal: error instanceof Error ? error.message : String(error) };
  }
}

/** Start one run and go to it, or one for each category and go to their list. */
function useStart() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const { id: projectId } = useProject();
  const refresh = () =>
    void queryClient.invalidateQueries(trpc.runs.list.queryFilter({ projectId }));
  const one = useMutation(
    trpc.runs.start.mutationOptions({
      onSuccess: (run) => {
        refresh();
        router.push(`/projects/${projectId}/train/${run.id}`);
      },
    }),
  );
  const each = useMutation(
    trpc.runs.startEach.mutationOptions({
      onSuccess: ([first]) => {
        refresh();
        if (first) router.push(`/projects/${projectId}/train/${first.id}`);
      },
    }),
  );
  return {
    isBusy: one.isPending || one.isSuccess || each.isPending || each.isSuccess,
    error: one.error ?? each.error,
    start: ({ category, ...input }: StartRunInput, isEach: boolean) => {
      if (isEach) each.mutate(input);
      else one.mutate({ ...input, category });
    },
  };
}
