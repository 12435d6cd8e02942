"use client";

import type { CaseCounts, ListCasesInput } from "@loupe/contracts";
import { X } from "lucide-react";

import { Segmented } from "../../../../components/segmented.tsx";
import { Select } from "../../../../components/select.tsx";

export type QueueState = ListCasesInput["state"];

type QueueHeaderProps = {
  readonly state: QueueState;
  readonly category: string | null;
  readonly categories: readonly string[];
  /** Shown when the queue is that of one inspection. */
  readonly inspection: string | null;
  readonly counts: CaseCounts | undefined;
  readonly onChange: (change: Readonly<Record<string, string | null>>) => void;
};

/** What the queue shows, and how much of it there is. */
export function QueueHeader(props: QueueHeaderProps) {
  const { state, category, categories, inspection, counts, onChange } = props;
  const undecided = counts && counts.open + counts.inReview;
  const total = counts && undecided !== undefined ? undecided + counts.decided : undefined;
  return (
    <div className="border-line grid gap-2 border-b px-3 py-2.5">
      <h1 className="flex items-baseline gap-2 text-lg font-semibold">
        Review
        {undecided !== undefined && total !== undefined && (
          <span className="num text-ink-2 text-sm font-normal">
            {undecided.toLocaleString("en")} of {total.toLocaleString("en")} to decide
          </span>
        )}
      </h1>
      <Segmented
        label="Cases shown"
        value={state}
        options={[
          { value: "undecided", label: "To decide" },
          { value: "decided", label: "Decided" },
          { value: "all", label: "All" },
        ]}
        onChange={(next) => onChange({ state: next === "undecided" ? null : next, case: null })}
      />
      {categories.length > 1 && (
        <Select
          aria-label="Category"
          value={category ?? ""}
          onChange={(event) => onChange({ category: event.target.value || null, case: null })}
        >
          <option value="">All categories</option>
          {categories.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
      )}
      {inspection !== null && (
        <button
          type="button"
          onClick={() => onChange({ inspection: null, case: null })}
          aria-label={`Show more than ${inspection}`}
          className="border-line bg-accent-soft inline-flex w-fit items-center gap-1 rounded-full border px-2 py-px text-xs font-medium"
        >
          {inspection} <X aria-hidden className="size-3" />
        </button>
      )}
    </div>
  );
}
