"use client";

import type { CaseView } from "@loupe/contracts";
import { CloudUpload } from "lucide-react";

import { Button } from "../../../../components/button.tsx";
import { Field } from "../../../../components/field.tsx";
import { FootSlot } from "../../../../components/foot-slot.tsx";
import { Notice } from "../../../../components/notice.tsx";
import { Spinner } from "../../../../components/spinner.tsx";
import { TextArea } from "../../../../components/text-input.tsx";
import { useMediaQuery } from "../../../../lib/use-media-query.ts";
import { CaseChanged } from "../case/case-changed.tsx";
import { DefectTypeForm } from "./defect-type-form.tsx";
import type { CaseVerdictDoor } from "./use-case-verdict.ts";
import { VerdictButtons } from "./verdict-buttons.tsx";
import { VERDICT_COPY } from "./verdict-copy.tsx";

type VerdictSectionProps = {
  readonly view: CaseView;
  readonly verdict: CaseVerdictDoor;
};

/** Where the section may lie outside of the screen: the page is one column, or is not tall. */
const SMALL_SCREEN = "(width < 48rem) or (height < 35rem)";

/** Where a verdict is given: by button or by key, with what goes with it. */
export function VerdictSection({ view, verdict }: VerdictSectionProps) {
  const isSmall = useMediaQuery(SMALL_SCREEN);
  const waiting = verdict.entry && !verdict.entry.refusal ? verdict.entry.input : null;
  return (
    <section aria-label="Your verdict" className="border-line border-b p-3.5">
      <h3 className="text-ink-3 mb-2 text-xs font-semibold tracking-wide uppercase">
        Your verdict
      </h3>
      <CaseChanged view={view} verdict={verdict} />
      {waiting && !verdict.isSending && (
        <Notice tone="warn" icon={<CloudUpload />} className="mb-3">
          <span role="status">
            Kept here, and sent by itself when the connection is back:{" "}
            <b className="font-semibold">
              {VERDICT_COPY[waiting.value].word.toLowerCase()}
              {waiting.defectType !== null && `, ${waiting.defectType}`}
            </b>
            .
          </span>{" "}
          <Button size="sm" tone="quiet" onClick={verdict.takeBack}>
            Take it back
          </Button>
        </Notice>
      )}
      {isSmall ? (
        <FootSlot>
          <div
            role="group"
            aria-label="Verdict"
            className="border-line bg-panel border-t px-3.5 py-1.5"
          >
            <VerdictButtons verdict={verdict} />
          </div>
        </FootSlot>
      ) : (
        <VerdictButtons verdict={verdict} />
      )}
      {verdict.isSending && (
        <p role="status" className="text-ink-2 mt-2 flex items-center gap-1.5 text-sm">
          <Spinner /> Saving…
        </p>
      )}
      {verdict.value === "defective" && <DefectTypeForm key={view.id} verdict={verdict} />}
      <div className="mt-2.5">
        <Field label="Note">
          {(ids) => (
            <TextArea
              {...ids}
              rows={2}
              maxLength={2000}
              value={verdict.note}
              placeholder="A reason, for the record"
              onChange={(event) => verdict.edit({ note: event.target.value })}
            />
          )}
        </Field>
      </div>
    </section>
  );
}
