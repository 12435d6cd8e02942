import {
  AppError,
  KnownName,
  ModelVersionId,
  Title,
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
import { requireInspectionRoom } from "../../../server/require-queue-room.ts";
import type { RestCall } from "../../../server/rest.ts";
import { receiveImages, type ReceivedImages } from "./receive-images.ts";

const InspectionFields = z.object({
  /** Left out: the project's active version. */
  modelVersionId: ModelVersionId.optional(),
  name: Title.optional(),
  /** One that the model knows; may be left out when it knows just one. */
  category: KnownName.optional(),
});

type Uploader = Pick<ProjectContext, "db" | "organisationId" | "projectId"> & {
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
  const { db, blobs, pictures } = call.services;
  const { projectId, organisationId } = await requireProjectAccess(db, {
    userId: call.signIn.user.id,
    projectId: call.params.projectId,
    action: "inspection:write",
  });
  await requireInspectionRoom(db, organisationId);
  const staged = blobs.stage();
  try {
    const received = await receiveImages(call.request, { blobs: staged, pictures });
    if (received.images.length === 0) {
      throw new AppError(
        "BAD_INPUT",
        received.refused[0]?.reason ?? "Expected at least one image, got a form without files.",
        { refused: received.refused },
      );
    }
    const uploader = { db, organisationId, projectId, signIn: call.signIn, staged };
    const inspection = await storeInspection(uploader, received);
    return Response.json({ inspection, refused: received.refused }, { status: 201 });
  } finally {
    await staged.discard();
  }
}

async function storeInspection(
  { db, organisationId, projectId, signIn, staged }: Uploader,
  { images, fields }: ReceivedImages,
): Promise<InspectionView> {
  const { modelVersionId, name, category } = InspectionFields.parse(Object.fromEntries(fields));
  const model = await requireModel({ db, projectId }, modelVersionId);
  const home = await requireCategory({ db, projectId, model }, category);

  return db.transaction(async (tx) => {
    await holdProjectAccess(tx, { signIn, projectId, action: "inspection:write" });
    // Again: others may have come while the bytes did.
    await requireInspectionRoom(tx, organisationId);
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
        origin: "inspection",
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
      body: { type: "inspection.status", inspectionId: id, status, imagesDone, imagesTotal },
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
  const active = await db.models.active(projectId);
  if (active === null) {
    throw new AppError("MODEL_NOT_READY", "Scoring needs a model. Train one first.");
  }
  return active;
}

type CategoryQuestion = Pick<ProjectContext, "db" | "projectId"> & {
  readonly model: ModelVersionView;
};

/** The category that the pictures show: one that the model knows, since nothing else can be scored. */
async function requireCategory(
  { db, projectId, model }: CategoryQuestion,
  named: string | undefined,
): Promise<string> {
  const known =
    model.category === null
      ? (await db.datasets.require(model.datasetVersion.id, projectId)).categories
      : [model.category];
  const [only] = known;
  if (named === undefined && known.length === 1 && only !== undefined) return only;
  if (named !== undefined && known.includes(named)) return named;
  throw new AppError(
    "BAD_INPUT",
    `Expected one of the categories that version ${model.number} knows (${known.join(", ")}), got ` +
      `${named === undefined ? "none" : JSON.stringify(named)}. Choose one of them.`,
    { categories: known },
  );
}
