"use client";

import type { ModelVersionView } from "@loupe/contracts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleAlert, FolderUp, Images } from "lucide-react";
import { useState } from "react";
import { z } from "zod";

import { Card } from "../../../components/card.tsx";
import { DropZone } from "../../../components/drop-zone.tsx";
import { Field } from "../../../components/field.tsx";
import { FileButton } from "../../../components/file-button.tsx";
import { Notice } from "../../../components/notice.tsx";
import { Select } from "../../../components/select.tsx";
import { UploadProgress } from "../../../components/upload-progress.tsx";
import { formatCount } from "../../../lib/format-count.ts";
import type { PathFile } from "../../../lib/read-dropped-files.ts";
import { useTRPC } from "../../../lib/trpc.tsx";
import { useUpload } from "../../../lib/use-upload.ts";
import { useProject } from "../../projects/index.ts";
import { methodTitle } from "../../runs/index.ts";

/** What the upload answers: pictures that are no pictures are named, the others go on. */
const UploadAnswer = z.object({
  refused: z.array(z.object({ fileName: z.string(), reason: z.string() })),
});

const IMAGE = /\.(png|jpe?g|webp|tiff?)$/i;
const HIDDEN_FILE = /(^|\/)(\.|Thumbs\.db$|desktop\.ini$)/i;

/** Where new pictures are dropped to be scored with a model. */
export function NewInspection({ models }: { readonly models: readonly ModelVersionView[] }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { id: projectId } = useProject();
  const upload = useUpload();
  const [modelId, setModelId] = useState(models[0]?.id ?? "");
  const [category, setCategory] = useState("");
  const [refused, setRefused] = useState<z.infer<typeof UploadAnswer>["refused"]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const counts = useQuery(trpc.data.counts.queryOptions({ projectId }));
  const categories = counts.data?.map((row) => row.category) ?? [];
  const isSending = upload.state.phase === "sending";

  const take = async (chosen: readonly PathFile[]) => {
    const files = chosen.filter(({ path }) => !HIDDEN_FILE.test(path));
    setRefused([]);
    if (!files.some(({ path }) => IMAGE.test(path))) {
      setProblem("Expected pictures (PNG, JPEG, WebP, TIFF or BMP), got none. Choose others.");
      return;
    }
    setProblem(null);
    const form = new FormData();
    form.append("modelVersionId", modelId);
    if (category !== "") form.append("category", category);
    for (const { file, path } of files) form.append("files", file, path);
    const answer = await upload.send({
      url: `/api/projects/${projectId}/inspections`,
      name: files.length === 1 ? (files[0]?.file.name ?? "") : formatCount(files.length, "picture"),
      form,
    });
    if (answer === null) return;
    setRefused(UploadAnswer.safeParse(answer).data?.refused ?? []);
    await queryClient.invalidateQueries(trpc.inspections.list.queryFilter({ projectId }));
  };

  return (
    <Card title="New inspection">
      <div className="grid gap-3">
        <div className="grid grid-cols-2 gap-3">
          <Field label="Model version">
            {(ids) => (
              <Select {...ids} value={modelId} onChange={(event) => setModelId(event.target.value)}>
                {models.map(({ id, number, method, encoder }) => (
                  <option key={id} value={id}>
                    {number} · {methodTitle(method)} on {encoder}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label="Category">
            {(ids) => (
              <Select
                {...ids}
                value={category}
                onChange={(event) => setCategory(event.target.value)}
              >
                <option value="">{categories.length === 1 ? categories[0] : "Not sorted"}</option>
                {categories.length > 1 &&
                  categories.map((name) => <option key={name}>{name}</option>)}
              </Select>
            )}
          </Field>
        </div>
        <DropZone onDrop={(files) => void take(files)} isDisabled={isSending} className="p-6">
          <div className="grid justify-items-center gap-2.5 text-center">
            <p className="font-medium">Drop pictures or a folder here</p>
            <div className="flex flex-wrap justify-center gap-2">
              <FileButton
                label="Choose pictures"
                icon={<Images aria-hidden />}
                accept="image/png,image/jpeg,image/webp,image/tiff,image/bmp"
                isMultiple
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
            <p className="text-ink-2 text-sm">PNG, JPEG, WebP, TIFF or BMP, up to 2,000 at once.</p>
          </div>
        </DropZone>
        {problem !== null && (
          <Notice tone="defect" icon={<CircleAlert />} isUrgent>
            {problem}
          </Notice>
        )}
        {refused.length > 0 && (
          <Notice tone="warn" icon={<CircleAlert />} isUrgent>
            <p className="font-medium">
              {formatCount(refused.length, "file was", "files were")} not taken:
            </p>
            <ul className="max-h-32 overflow-y-auto">
              {refused.map((file, index) => (
                <li key={`${file.fileName} ${index}`}>
                  {file.fileName}: {file.reason}
                </li>
              ))}
            </ul>
          </Notice>
        )}
        <UploadProgress state={upload.state} onCancel={upload.cancel} onDismiss={upload.dismiss} />
      </div>
    </Card>
  );
}
