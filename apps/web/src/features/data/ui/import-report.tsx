"use client";

import { IMPORT_OUTCOMES, type ImportOutcome, type ImportView } from "@loupe/contracts";
import { useState } from "react";

import { Dialog } from "../../../components/dialog.tsx";
import { ErrorState } from "../../../components/error-state.tsx";
import { LoadingRows } from "../../../components/skeleton.tsx";
import { cn } from "../../../lib/cn.ts";
import { formatCount } from "../../../lib/format-count.ts";
import { useProject } from "../../projects/index.ts";
import { ImportFileList } from "./import-file-list.tsx";
import { OUTCOME_COPY } from "./outcome-copy.ts";
import { useImportFiles } from "./use-import-files.ts";

/** What became of every file of an import, and why. */
export function ImportReport({
  view,
  onClose,
}: {
  readonly view: ImportView;
  readonly onClose: () => void;
}) {
  const { id: projectId } = useProject();
  const [outcome, setOutcome] = useState<ImportOutcome | null>(null);
  const files = useImportFiles({ projectId, importId: view.id, outcome });
  const total = Object.values(view.outcomes).reduce((sum, count) => sum + count, 0);
  const shown = outcome === null ? total : (view.outcomes[outcome] ?? 0);
  const present = IMPORT_OUTCOMES.filter((name) => (view.outcomes[name] ?? 0) > 0);

  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Report of ${view.fileName}`}
      description={`${formatCount(total, "file")}, each with what became of it.`}
      className="h-[min(46rem,calc(100dvh-3rem))] max-w-4xl"
    >
      <div
        role="group"
        aria-label="Filter by outcome"
        className="border-line flex flex-wrap gap-1.5 border-b px-4 py-3"
      >
        {[null, ...present].map((name) => (
          <button
            key={name ?? "all"}
            type="button"
            aria-pressed={outcome === name}
            title={name === null ? undefined : OUTCOME_COPY[name].sentence}
            onClick={() => setOutcome(name)}
            className={cn(
              "num rounded-full border px-2.5 py-0.5 text-sm",
              outcome === name
                ? "border-accent bg-accent-soft text-ink font-semibold"
                : "border-line bg-panel text-ink-2 hover:text-ink",
            )}
          >
            {name === null ? "All" : OUTCOME_COPY[name].label}{" "}
            {(name === null ? total : (view.outcomes[name] ?? 0)).toLocaleString("en")}
          </button>
        ))}
      </div>
      {files.isPending && <LoadingRows rows={6} className="p-4" />}
      {files.isError && (
        <ErrorState error={files.error} onRetry={() => void files.refetch()} className="py-8" />
      )}
      {files.data && (
        <ImportFileList
          rows={files.data.pages.flatMap((page) => page.rows)}
          total={shown}
          onNearEnd={() => {
            if (files.hasNextPage && !files.isFetchingNextPage) void files.fetchNextPage();
          }}
        />
      )}
    </Dialog>
  );
}
