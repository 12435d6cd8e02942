"use client";

import type { CaseId } from "@loupe/contracts";
import { TriangleAlert } from "lucide-react";

import { Notice } from "../../../../components/notice.tsx";
import { useProject } from "../../../projects/index.ts";
import { VERDICT_COPY } from "./verdict-copy.tsx";
import { useJournalEntries } from "./verdict-journal-provider.tsx";

/** One's own verdicts that were turned down, until each has been given again or dropped. */
export function RefusedVerdicts({ onSelect }: { readonly onSelect: (id: CaseId) => void }) {
  const { id: projectId } = useProject();
  const refused = useJournalEntries().filter(
    ({ input, refusal }) => refusal !== null && input.projectId === projectId,
  );
  if (refused.length === 0) return null;
  return (
    <section aria-label="Verdicts that were not accepted" className="border-line border-b p-2">
      <Notice tone="defect" icon={<TriangleAlert />}>
        <p className="font-semibold">
          {refused.length === 1
            ? "1 of your verdicts was not accepted"
            : `${refused.length} of your verdicts were not accepted`}
        </p>
        <ul className="mt-1 grid max-h-28 gap-0.5 overflow-y-auto">
          {refused.map(({ input, fileName }) => (
            <li key={input.idempotencyKey}>
              <button
                type="button"
                className="text-accent max-w-full truncate text-left hover:underline"
                onClick={() => onSelect(input.caseId)}
              >
                {fileName}: {VERDICT_COPY[input.value].word.toLowerCase()}
              </button>
            </li>
          ))}
        </ul>
      </Notice>
    </section>
  );
}
