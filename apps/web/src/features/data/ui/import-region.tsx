"use client";

import { IMPORT_LIMITS } from "@loupe/contracts";
import { useQueryClient } from "@tanstack/react-query";
import { CircleAlert, FileArchive, FolderUp } from "lucide-react";
import { useState } from "react";

import { Card } from "../../../components/card.tsx";
import { DropZone } from "../../../components/drop-zone.tsx";
import { FileButton } from "../../../components/file-button.tsx";
import { Notice } from "../../../components/notice.tsx";
import { UploadProgress } from "../../../components/upload-progress.tsx";
import { formatBytes } from "../../../lib/format-bytes.ts";
import type { PathFile } from "../../../lib/read-dropped-files.ts";
import { useTRPC } from "../../../lib/trpc.tsx";
import { useUpload } from "../../../lib/use-upload.ts";
import { useProject } from "../../projects/index.ts";
import { planUpload } from "./plan-upload.ts";

/** Where a zip or a folder is dropped or chosen, and how its upload goes. */
export function ImportRegion({ isFirst }: { readonly isFirst: boolean }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { id: projectId } = useProject();
  const upload = useUpload();
  const [problem, setProblem] = useState<string | null>(null);
  const isSending = upload.state.phase === "sending";

  const take = async (files: readonly PathFile[]) => {
    const plan = planUpload(files);
    if ("problem" in plan) {
      setProblem(plan.problem);
      return;
    }
    setProblem(null);
    const form = new FormData();
    for (const { file, path } of plan.files) form.append(plan.field, file, path);
    const answer = await upload.send({
      url: `/api/projects/${projectId}/imports`,
      name: plan.name,
      form,
    });
    if (answer !== null) {
      await queryClient.invalidateQueries(trpc.data.imports.queryFilter({ projectId }));
    }
  };

  return (
    <Card title="Import">
      <div className="grid gap-3">
        <DropZone onDrop={(files) => void take(files)} isDisabled={isSending} className="p-4">
          <div className="grid justify-items-center gap-2.5 text-center">
            <p className="font-medium">
              {isFirst ? "Bring the first pictures" : "Drop a zip or a folder here"}
            </p>
            <div className="flex flex-wrap justify-center gap-2">
              <FileButton
                label="Choose a zip"
                icon={<FileArchive aria-hidden />}
                accept=".zip,application/zip"
                isDisabled={isSending}
                onChoose={(files) => void take(files)}
              />
              <FileButton
                label="Choose a folder"
                icon={<FolderUp aria-hidden />}
                isFolder
                isDisabled={isSending}
                onChoose={(files) => void take(files)}
              />
            </div>
            <p className="text-ink-2 text-sm text-balance">
              In MVTec layout, one category or several:{" "}
              <code className="text-ink font-mono text-xs">train/good</code>,{" "}
              <code className="text-ink font-mono text-xs">test/…</code>,{" "}
              <code className="text-ink font-mono text-xs">ground_truth/…</code>. Up to{" "}
              {formatBytes(IMPORT_LIMITS.archiveBytes)}.
            </p>
          </div>
        </DropZone>
        {problem !== null && (
          <Notice tone="defect" icon={<CircleAlert />} isUrgent>
            {problem}
          </Notice>
        )}
        <UploadProgress state={upload.state} onCancel={upload.cancel} onDismiss={upload.dismiss} />
      </div>
    </Card>
  );
}
