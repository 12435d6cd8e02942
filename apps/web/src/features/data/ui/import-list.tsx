"use client";

import type { ImportView } from "@loupe/contracts";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { Card } from "../../../components/card.tsx";
import { ErrorState } from "../../../components/error-state.tsx";
import { LoadingRows } from "../../../components/skeleton.tsx";
import { useTRPC } from "../../../lib/trpc.tsx";
import { useProject } from "../../projects/index.ts";
import { ImportReport } from "./import-report.tsx";
import { ImportRow } from "./import-row.tsx";

/** All imports, newest first, each with its progress or its report. */
export function ImportList() {
  const trpc = useTRPC();
  const { id: projectId } = useProject();
  const imports = useQuery(trpc.data.imports.queryOptions({ projectId }));
  const [reportOf, setReportOf] = useState<ImportView["id"] | null>(null);
  const shown = imports.data?.find((view) => view.id === reportOf) ?? null;

  return (
    <Card title="Imports">
      {imports.isPending && <LoadingRows rows={1} />}
      {imports.isError && (
        <ErrorState error={imports.error} onRetry={() => void imports.refetch()} className="py-4" />
      )}
      {imports.data?.length === 0 && (
        <p className="text-ink-2 text-sm">Nothing has been imported yet.</p>
      )}
      {imports.data && imports.data.length > 0 && (
        <ul className="divide-line -my-1 grid max-h-96 divide-y overflow-y-auto">
          {imports.data.map((view) => (
            <ImportRow key={view.id} view={view} onShowReport={() => setReportOf(view.id)} />
          ))}
        </ul>
      )}
      {shown && <ImportReport view={shown} onClose={() => setReportOf(null)} />}
    </Card>
  );
}
