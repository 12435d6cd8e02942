"use client";

import type { CaseId, CaseRow } from "@loupe/contracts";
import { Fragment, useEffect, useEffectEvent, useRef, type KeyboardEvent } from "react";

import { useLive } from "../../../../lib/live/live-provider.tsx";
import { useMe } from "../../../session/index.ts";
import { useVirtualList } from "../../../../lib/use-virtual-list.ts";
import { CaseOption } from "./case-option.tsx";
import { VersionBreak } from "./version-break.tsx";
import { versionBreaks } from "./version-breaks.ts";
import { findEntry } from "../verdict/verdict-journal.ts";
import { useJournalEntries } from "../verdict/verdict-journal-provider.tsx";

type CaseQueueProps = {
  readonly rows: readonly CaseRow[];
  readonly selectedId: CaseId | null;
  readonly onSelect: (id: CaseId) => void;
  readonly onMove: (step: 1 | -1) => void;
  readonly onNearEnd: () => void;
  /** Whether cases of other model versions are being scored with the active one. */
  readonly isRescoring: boolean;
};

const ROW_HEIGHT = 69;
const BREAK_HEIGHT = 28;

/** The queue as a list of options, of which only those in sight exist. */
export function CaseQueue(props: CaseQueueProps) {
  const { rows, selectedId, onSelect, onMove, onNearEnd, isRescoring } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const me = useMe();
  const { others } = useLive();
  const entries = useJournalEntries();
  const breaks = versionBreaks(rows);
  const list = useVirtualList({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => ROW_HEIGHT + (breaks.has(index) ? BREAK_HEIGHT : 0),
    overscan: 8,
  });
  const items = list.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  // Bars are of one version: the scores of two cannot be held against each other.
  const highest = new Map<string, number>();
  for (const { modelVersionId, standardScore } of rows) {
    highest.set(modelVersionId, Math.max(highest.get(modelVersionId) ?? 0, standardScore));
  }
  // Sizes are kept from before, so they are taken anew when a version's cases begin elsewhere.
  const breaksKey = [...breaks].join(" ");
  const measure = useEffectEvent(() => list.measure());
  useEffect(() => measure(), [breaksKey]);

  const nearEnd = useEffectEvent(onNearEnd);
  useEffect(() => {
    if (last >= rows.length - 30) nearEnd();
  }, [last, rows.length]);

  const scrollToSelected = useEffectEvent(() => {
    const at = rows.findIndex((row) => row.id === selectedId);
    if (at >= 0) list.scrollToIndex(at, { align: "auto" });
  });
  useEffect(() => scrollToSelected(), [selectedId]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    onMove(event.key === "ArrowDown" ? 1 : -1);
  };

  return (
    // The ring is drawn over the rows, which would hide an outline of the list itself.
    <div className="has-[[role=listbox]:focus-visible]:after:outline-accent relative min-h-0 grow after:pointer-events-none after:absolute after:inset-0 has-[[role=listbox]:focus-visible]:after:outline-2 has-[[role=listbox]:focus-visible]:after:-outline-offset-2">
      <div
        ref={scroller}
        role="listbox"
        aria-label="Cases"
        tabIndex={0}
        aria-activedescendant={selectedId === null ? undefined : `case-${selectedId}`}
        onKeyDown={onKeyDown}
        className="absolute inset-0 overflow-y-auto outline-none"
      >
        <div role="presentation" className="relative" style={{ height: list.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            const looking = others.filter(
              ({ caseId, user }) => caseId === row.id && user.id !== me.user.id,
            );
            const hasBreak = breaks.has(item.index);
            return (
              <Fragment key={row.id}>
                {hasBreak && (
                  <VersionBreak
                    row={row}
                    isRescoring={isRescoring}
                    top={item.start}
                    height={BREAK_HEIGHT}
                  />
                )}
                <CaseOption
                  row={row}
                  position={item.index + 1}
                  total={rows.length}
                  highest={highest.get(row.modelVersionId) ?? 0}
                  isSelected={row.id === selectedId}
                  looking={looking.map(({ user }) => user)}
                  entry={findEntry(entries, row.id)}
                  top={item.start + (hasBreak ? BREAK_HEIGHT : 0)}
                  onSelect={onSelect}
                />
              </Fragment>
            );
          })}
        </div>
      </div>
    </div>
  );
}
