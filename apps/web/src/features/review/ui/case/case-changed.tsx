"use client";

import type { CaseChange, CaseView } from "@loupe/contracts";
import { TriangleAlert } from "lucide-react";

import { Button } from "../../../../components/button.tsx";
import { Notice } from "../../../../components/notice.tsx";
import { formatScore } from "../../../../lib/format-score.ts";
import { formatTimeAgo } from "../../../../lib/format-time-ago.ts";
import { useNow } from "../../../../lib/use-now.ts";
import type { CaseVerdictDoor } from "../verdict/use-case-verdict.ts";
import { VERDICT_COPY } from "../verdict/verdict-copy.tsx";

type CaseChangedProps = {
  readonly view: CaseView;
  readonly verdict: CaseVerdictDoor;
};

type Change = Pick<CaseChange, "verdict" | "score"> &
  Partial<Pick<CaseView, "verdicts" | "version">>;

function describeChange({ verdict, score, verdicts, version }: Change, nowMs: number): string {
  const takenBack = verdicts?.find(
    ({ withdrawnAt, seenVersion }) => withdrawnAt !== null && version === seenVersion + 2,
  );
  if (takenBack) return `${takenBack.author.name} took their verdict back.`;
  if (!verdict) return `The model scored it anew: ${formatScore(score)}.`;
  const type = verdict.defectType === null ? "" : ` (${verdict.defectType})`;
  const when = formatTimeAgo(verdict.createdAt, nowMs);
  return `${verdict.author.name} ${VERDICT_COPY[verdict.value].past}${type} ${when}.`;
}

/** Says what changed under a verdict, keeps the verdict, and leaves the decision to its author. */
export function CaseChanged({ view, verdict }: CaseChangedProps) {
  const nowMs = useNow();
  const refusal = verdict.entry?.refusal ?? null;
  if (!refusal && !verdict.hasChangedSince) return null;
  const isChange = refusal === null || refusal.change !== null;
  // The refusal knows what the server had then; by now the case itself may know more.
  const change: Change =
    refusal?.change && refusal.change.currentVersion >= view.version ? refusal.change : view;
  const mine = verdict.value;

  return (
    <Notice tone={refusal ? "defect" : "warn"} icon={<TriangleAlert />} isUrgent className="mb-3">
      <p className="font-semibold">
        {refusal ? "Your verdict was not saved." : "The case has changed."}
      </p>
      <p>{isChange ? describeChange(change, nowMs) : refusal.sentence}</p>
      {mine !== null && (
        <p className="text-ink-2 mt-1">
          Your choice is kept: {VERDICT_COPY[mine].word.toLowerCase()}
          {mine === "defective" && verdict.defectType !== "" && `, ${verdict.defectType}`}.
        </p>
      )}
      <div className="mt-2 flex gap-1.5">
        <Button
          size="sm"
          tone="primary"
          disabled={mine === null}
          isBusy={verdict.isSending}
          onClick={verdict.giveAgain}
        >
          Vote again
        </Button>
        <Button size="sm" onClick={verdict.drop}>
          Drop my choice
        </Button>
      </div>
    </Notice>
  );
}
