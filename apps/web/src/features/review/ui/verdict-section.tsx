"use client";

import { VerdictValue, type CaseView } from "@loupe/contracts";
import { CloudUpload } from "lucide-react";

import { Field } from "../../../components/field.tsx";
import { Kbd } from "../../../components/kbd.tsx";
import { Notice } from "../../../components/notice.tsx";
import { Spinner } from "../../../components/spinner.tsx";
import { TextArea } from "../../../components/text-input.tsx";
import { cn } from "../../../lib/cn.ts";
import { CaseChanged } from "./case-changed.tsx";
import { DefectTypeForm } from "./defect-type-form.tsx";
import type { CaseVerdictDoor } from "./use-case-verdict.ts";
import { VERDICT_COPY } from "./verdict-copy.tsx";

type VerdictSectionProps = {
  readonly view: CaseView;
  readonly verdict: CaseVerdictDoor;
};

/** Where a verdict is given: by button or by key, with what goes with it. */
export function VerdictSection({ view, verdict }: VerdictSectionProps) {
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
            Kept here, and sent when the connection is back:{" "}
            <b className="font-semibold">
              {VERDICT_COPY[waiting.value].word.toLowerCase()}
              {waiting.defectType !== null && `, ${waiting.defectType}`}
            </b>
            .
          </span>
        </Notice>
      )}
      <div className="flex gap-1">
        {VerdictValue.options.map((value) => {
          const { word, key, colour, icon } = VERDICT_COPY[value];
          const isChosen = verdict.value === value;
          return (
            <button
              key={value}
              type="button"
              aria-pressed={isChosen}
              disabled={verdict.isSending}
              onClick={() => verdict.choose(value)}
              className={cn(
                "hover:bg-sunken flex h-9.5 grow items-center gap-1 rounded-md border px-1.5 text-sm font-medium disabled:opacity-60",
                isChosen
                  ? "border-current bg-[color-mix(in_oklch,currentColor_8%,var(--panel))]"
                  : "border-line-strong bg-panel",
                isChosen && colour,
              )}
            >
              <span aria-hidden className={cn("[&>svg]:size-3.5", colour)}>
                {icon}
              </span>
              <span className="text-ink">{word}</span>
              <Kbd className="ml-auto max-xl:hidden">{key}</Kbd>
            </button>
          );
        })}
      </div>
      {verdict.isSending && (
        <p role="status" className="text-ink-2 mt-2 flex items-center gap-1.5 text-sm">
          <Spinner /> Saving…
        </p>
      )}
      {verdict.value === "defective" && <DefectTypeForm verdict={verdict} />}
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
