import {
  ACTIVE_MODEL_RANK,
  type CaseId,
  type CaseRow,
  type Presence,
  showInvisible,
} from "@loupe/contracts";
import { CloudUpload, TriangleAlert } from "lucide-react";

import { Avatar } from "../../../../components/avatar.tsx";
import { cn } from "../../../../lib/cn.ts";
import { formatScore } from "../../../../lib/format-score.ts";
import { formatStandardScore } from "../../../../lib/format-standard-score.ts";
import { VERDICT_COPY } from "../verdict/verdict-copy.tsx";
import type { JournalEntry } from "../verdict/verdict-journal.ts";

type CaseOptionProps = {
  readonly row: CaseRow;
  readonly position: number;
  readonly total: number;
  /** Standard score that fills the bar: that of the most anomalous case. */
  readonly highest: number;
  readonly isSelected: boolean;
  readonly looking: readonly Presence["user"][];
  /** My verdict on its way, if there is one. */
  readonly entry: JournalEntry | null;
  readonly top: number;
  readonly onSelect: (id: CaseId) => void;
};

/** So many of those who look at a case are shown. */
const FACES = 3;

function stateText({ row, entry }: Pick<CaseOptionProps, "row" | "entry">): string {
  if (entry) return entry.refusal ? "not saved" : "waiting to be sent";
  const { verdict } = row;
  if (!verdict) return "open";
  return verdict.defectType ?? verdict.author.name;
}

/** A case in the queue: picture, name, score, verdict, and who is looking at it. */
export function CaseOption(props: CaseOptionProps) {
  const { row, position, total, highest, isSelected, looking, entry, top, onSelect } = props;
  const verdict = entry && !entry.refusal ? entry.input : row.verdict;
  const copy = verdict && VERDICT_COPY[verdict.value];
  return (
    // The listbox has the focus and the keys (aria-activedescendant); a press is for the mouse.
    <div
      role="option"
      id={`case-${row.id}`}
      aria-selected={isSelected}
      aria-setsize={total}
      aria-posinset={position}
      onClick={() => onSelect(row.id)}
      className={cn(
        "border-line absolute inset-x-0 top-0 grid h-[69px] cursor-pointer grid-cols-[52px_minmax(0,1fr)_auto] items-center gap-2.5 border-b px-3",
        isSelected
          ? "bg-accent-soft before:bg-accent before:absolute before:inset-y-0 before:left-0 before:w-[3px]"
          : "hover:bg-sunken",
      )}
      style={{ transform: `translateY(${top}px)` }}
    >
      <img
        src={`/api/images/${row.imageId}/thumbnail`}
        alt=""
        loading="lazy"
        decoding="async"
        className="bg-stage size-13 rounded-sm object-cover"
      />
      <div className="min-w-0">
        <p className="truncate font-medium" title={showInvisible(row.fileName)}>
          {showInvisible(row.fileName)}
        </p>
        <div aria-hidden className="bg-line my-1 h-1 w-full max-w-24 rounded-full">
          <div
            className="bg-ink-2 h-full rounded-full"
            style={{
              width: `${highest > 0 ? (100 * Math.max(0, row.standardScore)) / highest : 0}%`,
            }}
          />
        </div>
        <p className="text-ink-2 truncate text-xs">
          {entry === null && `${showInvisible(row.category)} · `}
          {row.modelRank !== ACTIVE_MODEL_RANK && (
            <span className="sr-only">scored by version {row.modelVersionNumber}, </span>
          )}
          {stateText({ row, entry })}
        </p>
      </div>
      <div className="grid justify-items-end gap-0.5">
        <span className="num font-semibold" title={`score ${formatScore(row.score)}`}>
          <span className="sr-only">deviations above good parts </span>
          {formatStandardScore(row.standardScore)}
        </span>
        <span className="flex h-5 items-center gap-1">
          {looking.slice(0, FACES).map((user) => (
            <Avatar key={user.id} {...user} size="sm" className="-mr-1" />
          ))}
          {looking.length > FACES && (
            <span className="num text-ink-2 ml-1 text-xs">+{looking.length - FACES}</span>
          )}
          {entry?.refusal && <TriangleAlert aria-hidden className="text-defect size-3.5" />}
          {entry && !entry.refusal && <CloudUpload aria-hidden className="text-warn size-3.5" />}
          {copy && (
            <span
              className={cn(
                "inline-flex items-center gap-0.5 text-xs font-semibold [&>svg]:size-3",
                copy.colour,
              )}
            >
              {copy.icon}
              {copy.word}
            </span>
          )}
        </span>
      </div>
    </div>
  );
}
