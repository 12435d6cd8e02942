"use client";

import { OverturnReason, type CaseView } from "@loupe/contracts";
import { useQuery } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import { useId, useState } from "react";

import { Button } from "../../../../components/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "../../../../components/dialog.tsx";
import { Field } from "../../../../components/field.tsx";
import { Notice } from "../../../../components/notice.tsx";
import { TextArea, TextInput } from "../../../../components/text-input.tsx";
import { formatScore } from "../../../../lib/format-score.ts";
import { formatTimeAgo } from "../../../../lib/format-time-ago.ts";
import { useTRPC } from "../../../../lib/trpc.tsx";
import { useNow } from "../../../../lib/use-now.ts";
import { useProject } from "../../../projects/index.ts";
import { sayDecision } from "./say-decision.ts";
import type { CaseVerdictDoor } from "./use-case-verdict.ts";
import { VERDICT_COPY } from "./verdict-copy.tsx";

type OverturnDialogProps = { readonly view: CaseView; readonly verdict: CaseVerdictDoor };

/** Before a decision is overturned: whose it is, and why it should not stand. */
export function OverturnDialog({ view, verdict }: OverturnDialogProps) {
  const nowMs = useNow();
  const { overturning } = verdict;
  const decided = view.verdict;
  return (
    <Dialog
      isOpen={overturning !== null}
      onOpenChange={(isOpen) => !isOpen && verdict.keepDecision()}
      title={`Overturn the decision on ${view.fileName}?`}
      {...(decided !== null && {
        description: `${sayDecision(decided)} ${formatTimeAgo(decided.createdAt, nowMs)}.`,
      })}
    >
      {overturning !== null && <OverturnForm key={view.id} view={view} verdict={verdict} />}
    </Dialog>
  );
}

function OverturnForm({ view, verdict }: OverturnDialogProps) {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const types = useQuery(trpc.review.defectTypes.queryOptions({ projectId }));
  const listId = useId();
  const [isAsked, setIsAsked] = useState(false);
  const { overturning: value, overturnReason: reason } = verdict;
  const parsed = OverturnReason.safeParse(reason);
  if (value === null) return null;
  const word = VERDICT_COPY[value].word.toLowerCase();
  return (
    <form
      className="contents"
      onSubmit={(event) => {
        event.preventDefault();
        setIsAsked(true);
        if (parsed.success) verdict.overturn(parsed.data);
      }}
    >
      <DialogBody>
        {verdict.decisionNow !== "same" && (
          <Notice tone="warn" icon={<TriangleAlert />} isUrgent>
            {sayChange(view, verdict.decisionNow)} Overturn it all the same?
          </Notice>
        )}
        <p>
          Your verdict: <b className="font-semibold">{word}</b>. The earlier one stays in the
          history.
        </p>
        {value === "defective" && (
          <Field
            label="Defect type"
            error={verdict.isTypeMissing ? "Choose a type or name one." : undefined}
          >
            {(ids) => (
              <>
                <TextInput
                  {...ids}
                  list={listId}
                  maxLength={60}
                  autoComplete="off"
                  value={verdict.defectType}
                  onChange={(event) => verdict.edit({ defectType: event.target.value })}
                />
                <datalist id={listId}>
                  {types.data?.map((type) => (
                    <option key={type} value={type} />
                  ))}
                </datalist>
              </>
            )}
          </Field>
        )}
        <Field
          label="Reason"
          error={isAsked && !parsed.success ? "Say in a few words why it is wrong." : undefined}
        >
          {(ids) => (
            <TextArea
              {...ids}
              rows={3}
              maxLength={2000}
              value={reason}
              onChange={(event) => verdict.writeReason(event.target.value)}
            />
          )}
        </Field>
      </DialogBody>
      <DialogFooter>
        <Button type="button" onClick={verdict.keepDecision}>
          Leave it as it is
        </Button>
        <Button type="submit" tone="primary">
          {verdict.decisionNow === "decision changed" ? "Overturn the new decision" : "Overturn"}:{" "}
          {word}
        </Button>
      </DialogFooter>
    </form>
  );
}

function sayChange({ verdict, score }: CaseView, change: CaseVerdictDoor["decisionNow"]): string {
  if (change === "case changed" || verdict === null) {
    return `The case changed while you wrote: the model scored it anew, ${formatScore(score)}.`;
  }
  return `The decision changed while you wrote: ${sayDecision(verdict)}.`;
}
