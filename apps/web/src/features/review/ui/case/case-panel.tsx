"use client";

import { type CaseView, showInvisible } from "@loupe/contracts";
import { CircleCheck, CircleDashed, CircleDot } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";

import { Button } from "../../../../components/button.tsx";
import { Chip, type ChipTone } from "../../../../components/chip.tsx";
import { Facts } from "../../../../components/facts.tsx";
import { Kbd } from "../../../../components/kbd.tsx";
import { formatScore } from "../../../../lib/format-score.ts";
import { formatStandardScore } from "../../../../lib/format-standard-score.ts";
import { useCan, useProject } from "../../../projects/index.ts";
import type { CaseVerdictDoor } from "../verdict/use-case-verdict.ts";
import { UnlistedNotice } from "../queue/unlisted-notice.tsx";
import { VerdictHistory } from "../verdict/verdict-history.tsx";
import { VerdictSection } from "../verdict/verdict-section.tsx";

const STATE = {
  open: { word: "Open", tone: "faint", icon: <CircleDashed /> },
  in_review: { word: "In review", tone: "unsure", icon: <CircleDot /> },
  decided: { word: "Decided", tone: "good", icon: <CircleCheck /> },
} as const satisfies Record<CaseView["state"], { word: string; tone: ChipTone; icon: ReactNode }>;

type CasePanelProps = {
  readonly view: CaseView;
  readonly verdict: CaseVerdictDoor;
  /** False when the case has left the queue beside it. */
  readonly isListed: boolean;
  readonly isTruthShown: boolean;
  readonly onToggleTruth: () => void;
  readonly onHelp: () => void;
};

/** What is known and decided about a case. */
export function CasePanel(props: CasePanelProps) {
  const { view, verdict, isListed, isTruthShown, onToggleTruth, onHelp } = props;
  const mayDecide = useCan("case:decide");
  const { id: projectId } = useProject();
  const state = STATE[view.state];
  const { truth, model } = view;
  return (
    <aside
      aria-label="Case"
      className="border-line bg-panel flex min-h-0 flex-col border-t md:border-t-0 md:border-l"
    >
      <div className="min-h-0 grow overflow-y-auto">
        <section className="border-line border-b p-3.5">
          <div className="mb-2 flex items-start gap-2">
            <h2 className="min-w-0 grow text-lg font-semibold break-words">
              {showInvisible(view.fileName)}
            </h2>
            <Chip tone={state.tone} icon={state.icon} className="mt-1">
              {state.word}
            </Chip>
          </div>
          {!isListed && <UnlistedNotice view={view} />}
          <Facts
            rows={[
              ["Above good parts", <b key="standard">{formatStandardScore(view.standardScore)}</b>],
              ["Score", formatScore(view.score)],
              ["Category", showInvisible(view.category)],
              [
                "Model",
                <Link
                  key="model"
                  href={`/projects/${projectId}/models/${model.id}`}
                  className="text-accent hover:underline"
                >
                  version {model.number}, {model.encoder}
                </Link>,
              ],
            ]}
          />
        </section>
        {mayDecide && <VerdictSection view={view} verdict={verdict} />}
        <section aria-label="Ground truth" className="border-line border-b p-3.5">
          <div className="flex items-center justify-between gap-2">
            <h3 className="text-ink-3 text-xs font-semibold tracking-wide uppercase">
              Ground truth
            </h3>
            <Button size="sm" tone="quiet" aria-expanded={isTruthShown} onClick={onToggleTruth}>
              {isTruthShown ? "Hide" : "Show"} <Kbd>G</Kbd>
            </Button>
          </div>
          {isTruthShown && (
            <p className="mt-1 text-sm">
              {truth.label === "unknown" ? (
                "Nobody has labelled this image yet."
              ) : (
                <>
                  Labelled <b className="font-semibold">{truth.label}</b>
                  {truth.defectType !== null && `, ${truth.defectType}`}
                  {truth.maskId !== null ? "; the outline is in the picture." : "."}
                </>
              )}
            </p>
          )}
        </section>
        <VerdictHistory view={view} />
      </div>
      <footer className="border-line text-ink-2 flex items-center gap-1.5 border-t px-3.5 py-2 text-xs pointer-coarse:hidden">
        <Kbd>J</Kbd> <Kbd>K</Kbd> next and previous
        <Button size="sm" tone="quiet" className="ml-auto" onClick={onHelp}>
          All keys <Kbd>?</Kbd>
        </Button>
      </footer>
    </aside>
  );
}
