import {
  AppError,
  ModelVersionId,
  type InspectionView,
  type ModelVersionView,
  type ProjectId,
} from "@loupe/contracts";
import { enqueue, recordEvent } from "@loupe/platform";
import { z } from "zod";

import type { ProjectContext } from "../../../server/project-context.ts";
import { requireProjectAccess } from "../../../server/require-project-access.ts";
import { requireInspectionRoom } from "../../../server/require-queue-room.ts";
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

type Uploader = Pick<ProjectContext, "db" | "organisationId" | "projectId" | "user">;

/**
 * Take new images and let a worker score them.
 *
 * All files are received first; inspection, images, job and event are then
 * committed together, so an upload that breaks off leaves no half inspection.
 */
export async function uploadInspection(
  call: RestCall<{ projectId: ProjectId }>,
): Promise<Response> {
  const { db, blobs } = call.services;
  const { user } = call.signIn;
  const { projectId, organisationId } = await requireProjectAccess(db, {
    userId: user.id,
    projectId: call.params.projectId,
    action: "inspection:write",
  });
  await requireInspectionRoom(db, organisationId);
  const received = await receiveImages(call.request, blobs);
  if (received.images.length === 0) {
    throw new AppError(
      "BAD_INPUT",
      received.refused[0]?.reason ?? "Expected at least one image, got a form without files.",
      { refused: received.refused },
    );
  }
  const inspection = await storeInspection({ db, organisationId, projectId, user }, received);
  return Response.json({ inspection, refused: received.refused }, { status: 201 });
}

async function storeInspection(
  { db, organisationId, projectId, user }: Uploader,
  { images, fields }: ReceivedImages,
): Promise<InspectionView> {
  const { modelVersionId, name, category } = InspectionFields.parse(Object.fromEntries(fields));
  const model = await requireModel({ db, projectId }, modelVersionId);
  const home = category ?? (await onlyCategory({ db, projectId }, model)) ?? UNSORTED;

  return db.transaction(async (tx) => {
    // Again: others may have come while the bytes did.
    await requireInspectionRoom(tx, organisationId);
    const { id } = await tx.inspections.create({
      projectId,
      modelVersionId: model.id,
      createdById: user.id,
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
    await enqueue(tx.sql, { name: "inspection.score", organisationId }, { inspectionId: id });
    const { status, imagesDone, imagesTotal } = view;
    await recordEvent(tx, {
      projectId,
      body: { type: "inspection.progress", inspectionId: id, status, imagesDone, imagesTotal },
      actorId: user.id,
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
