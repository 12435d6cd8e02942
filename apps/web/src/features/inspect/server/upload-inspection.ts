import {
  AppError,
  ModelVersionId,
  type InspectionView,
  type ModelVersionView,
  type ProjectId,
} from "@loupe/contracts";
import { enqueue, recordEvent, type StagedBlobs } from "@loupe/platform";
import { z } from "zod";

import type { SignIn } from "../../../server/context.ts";
import { holdProjectAccess } from "../../../server/hold-project-access.ts";
import type { ProjectContext } from "../../../server/project-context.ts";
import { requireProjectAccess } from "../../../server/require-project-access.ts";
import type { RestCall } from "../../../server/rest.ts";
import { receiveImages, type ReceivedImages } from "./receive-images.ts";

/** Where images go that nobody has sorted and whose model knows several categories. */
const UNSORTED = "unsorted";

const InspectionFields = z.object({
  /** Left out: the project's newest model. */
  modelVersionId: ModelVersionId.optional(),
  name: z.string().trim().min(1).max(80).optional(),
  category: z.string().trim().min(1).max(80).optional(),
});

type Uploader = Pick<ProjectContext, "db" | "projectId"> & {
  readonly signIn: SignIn;
  readonly staged: StagedBlobs;
};

/**
 * Take new images and let a worker score them.
 *
 * All files are received first; inspection, images, job and event are then
 * committed together, so an upload that breaks off leaves no half inspection.
 * An upload that is refused, also because its author has lost access since it
 * began, leaves no files either.
 */
export async function uploadInspection(
  call: RestCall<{ projectId: ProjectId }>,
): Promise<Response> {
  const { db, blobs } = call.services;
  const { projectId } = await requireProjectAccess(db, {
    userId: call.signIn.user.id,
    projectId: call.params.projectId,
    action: "inspection:write",
  });
  const staged = await blobs.stage();
  try {
    const received = await receiveImages(call.request, staged);
    if (received.images.length === 0) {
      throw new AppError(
        "BAD_INPUT",
        received.refused[0]?.reason ?? "Expected at least one image, got a form without files.",
        { refused: received.refused },
      );
    }
    const uploader = { db, projectId, signIn: call.signIn, staged };
    const inspection = await storeInspection(uploader, received);
    return Response.json({ inspection, refused: received.refused }, { status: 201 });
  } finally {
    await staged.discard();
  }
}

async function storeInspection(
  { db, projectId, signIn, staged }: Uploader,
  { images, fields }: ReceivedImages,
): Promise<InspectionView> {
  const { modelVersionId, name, category } = InspectionFields.parse(Object.fromEntries(fields));
  const model = await requireModel({ db, projectId }, modelVersionId);
  const home = category ?? (await onlyCategory({ db, projectId }, model)) ?? UNSORTED;

  return db.transaction(async (tx) => {
    await holdProjectAccess(tx, { signIn, projectId, action: "inspection:write" });
    await staged.keep(images.map((image) => image.sha256));
    const { id } = await tx.inspections.create({
      projectId,
      modelVersionId: model.id,
      createdById: signIn.user.id,
      ...(name === undefined ? {} : { name }),
    });
    for (const image of images) {
      const stored = await tx.images.create({
        ...image,
        projectId,
        category: home,
        label: "unknown",
        defectType: null,
        split: null,
      });
      await tx.inspections.addImage(id, stored.image.id);
    }
    const view = await tx.inspections.markQueued(id);
    await enqueue(tx.sql, "inspection.score", { inspectionId: id });
    const { status, imagesDone, imagesTotal } = view;
    await recordEvent(tx, {
      projectId,
      body: { type: "inspection.progress", inspectionId: id, status, imagesDone, imagesTotal },
      actorId: signIn.user.id,
    });
    return view;
  });
}

async function requireModel(
  { db, projectId }: Pick<ProjectContext, "db" | "projectId">,
  id: ModelVersionId | undefined,
): Promise<ModelVersionView> {
  if (id !== undefined) return db.models.require(id, projectId);
  const newest = await db.models.newest(projectId);
  if (newest === null) {
    throw new AppError("MODEL_NOT_READY", "Scoring needs a model. Train one first.");
  }
  return newest;
}

/** The category that the model was trained on, when it is just one. */
async function onlyCategory(
  { db, projectId }: Pick<ProjectContext, "db" | "projectId">,
  model: ModelVersionView,
): Promise<string | undefined> {
  const { categories } = await db.datasets.require(model.datasetVersion.id, projectId);
  return categories.length === 1 ? categories[0] : undefined;
}
