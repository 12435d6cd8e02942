"use client";

import { OverturnReason, type CaseView } from "@loupe/contracts";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";

import { Button } from "../../../components/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "../../../components/dialog.tsx";
import { Field } from "../../../components/field.tsx";
import { TextArea, TextInput } from "../../../components/text-input.tsx";
import { formatTimeAgo } from "../../../lib/format-time-ago.ts";
import { useTRPC } from "../../../lib/trpc.tsx";
import { useNow } from "../../../lib/use-now.ts";
import { useProject } from "../../projects/index.ts";
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
      {overturning !== null && <OverturnForm key={view.id} verdict={verdict} />}
    </Dialog>
  );
}

function OverturnForm({ verdict }: Pick<OverturnDialogProps, "verdict">) {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const types = useQuery(trpc.review.defectTypes.queryOptions({ projectId }));
  const listId = useId();
  const [reason, setReason] = useState("");
  const [isAsked, setIsAsked] = useState(false);
  const parsed = OverturnReason.safeParse(reason);
  const value = verdict.overturning;
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
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
      </DialogBody>
      <DialogFooter>
        <Button type="button" onClick={verdict.keepDecision}>
          Leave it as it is
        </Button>
        <Button type="submit" tone="primary">
          Overturn: {word}
        </Button>
      </DialogFooter>
    </form>
  );
}
