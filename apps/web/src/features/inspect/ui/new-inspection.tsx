"use client";

import { type DatasetVersionView, type ModelVersionView, showInvisible } from "@loupe/contracts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleAlert, FolderUp, Images, Info } from "lucide-react";
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
  const [chosenModelId, setModelId] = useState<string | null>(null);
  const [chosenCategory, setCategory] = useState("");
  const [refused, setRefused] = useState<z.infer<typeof UploadAnswer>["refused"]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const versions = useQuery(trpc.data.versions.queryOptions({ projectId }));
  // Until somebody chooses another one, what scores for the team scores here.
  const model =
    models.find(({ id }) => id === chosenModelId) ??
    models.find(({ isActive }) => isActive) ??
    models[0];
  const categories = listCategories(model, versions.data ?? []);
  const category = categories.includes(chosenCategory)
    ? chosenCategory
    : categories.length === 1
      ? (categories[0] ?? "")
      : "";
  const isSending = upload.state.phase === "sending";

  const take = async (chosen: readonly PathFile[]) => {
    const files = chosen.filter(({ path }) => !HIDDEN_FILE.test(path));
    setRefused([]);
    if (!files.some(({ path }) => IMAGE.test(path))) {
      setProblem("Expected pictures (PNG, JPEG, WebP, TIFF or BMP), got none. Choose others.");
      return;
    }
    if (category === "" && categories.length > 1) {
      setProblem("Expected the category that the pictures show. Choose it and drop them again.");
      return;
    }
    setProblem(null);
    const form = new FormData();
    if (model) form.append("modelVersionId", model.id);
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
              <Select
                {...ids}
                value={model?.id ?? ""}
                onChange={(event) => setModelId(event.target.value)}
              >
                {models.map(({ id, number, method, encoder, isActive }) => (
                  <option key={id} value={id}>
                    {number} · {methodTitle(method)} on {encoder}
                    {isActive && " (active)"}
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
                {categories.length !== 1 && <option value="">Choose what they show</option>}
                {categories.map((name) => (
                  <option key={name} value={name}>
                    {showInvisible(name)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        {model?.isActive === false && (
          <Notice tone="info" icon={<Info />}>
            Version {model.number} is not the active one: its cases stand in Review after those of
            the active version.
          </Notice>
        )}
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

/** What a model can score: its one category, or those of the data that it learned from. */
function listCategories(
  model: ModelVersionView | undefined,
  versions: readonly DatasetVersionView[],
): readonly string[] {
  if (!model) return [];
  if (model.category !== null) return [model.category];
  return versions.find(({ id }) => id === model.datasetVersion.id)?.categories ?? [];
}
