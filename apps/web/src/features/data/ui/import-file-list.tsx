"use client";

import { type ImportFileView, showInvisible } from "@loupe/contracts";
import { useEffect, useEffectEvent, useRef } from "react";

import { Chip } from "../../../components/chip.tsx";
import { useVirtualList } from "../../../lib/use-virtual-list.ts";
import { OUTCOME_COPY } from "./outcome-copy.ts";

type ImportFileListProps = {
  readonly rows: readonly ImportFileView[];
  /** All that there are, loaded or not. */
  readonly total: number;
  readonly onNearEnd: () => void;
};

/** A long list of files, of which only those in sight exist. */
export function ImportFileList({ rows, total, onNearEnd }: ImportFileListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useVirtualList({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 46,
    overscan: 12,
  });
  const items = list.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;

  const nearEnd = useEffectEvent(onNearEnd);
  useEffect(() => {
    if (last >= rows.length - 40) nearEnd();
  }, [last, rows.length]);

  return (
    <div ref={scroller} tabIndex={0} className="min-h-0 grow overflow-y-auto outline-offset-[-2px]">
      <ul aria-label="Files" className="relative" style={{ height: list.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index];
          if (!row) return null;
          const copy = OUTCOME_COPY[row.outcome];
          return (
            <li
              key={row.path}
              ref={list.measureElement}
              data-index={item.index}
              aria-setsize={total}
              aria-posinset={item.index + 1}
              className="border-line absolute inset-x-0 top-0 grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-3 border-b px-4 py-1.5"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <div className="min-w-0">
                <p className="truncate font-mono text-xs" title={showInvisible(row.path)}>
                  {showInvisible(row.path)}
                </p>
                <p className="text-ink-2 text-sm">{showInvisible(row.reason) || copy.sentence}</p>
              </div>
              <Chip tone={copy.tone} icon={<span className="size-1.5 rounded-full bg-current" />}>
                {copy.label}
              </Chip>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
