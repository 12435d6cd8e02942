import type { InspectionView, ModelVersionId, ProjectId } from "@loupe/contracts";
import type { NewImage } from "@loupe/db";
import { enqueue, type StagedBlobs } from "@loupe/platform";

import { authorOf } from "../actor/person-of.ts";
import { holdAccess } from "../actor/hold-access.ts";
import { requireInspectionRoom } from "../require-queue-room.ts";
import { projectUseCase } from "../use-case/project-use-case.ts";
import { chooseCategory, chooseModel } from "./choose-model.ts";
import { recordInspectionStatus } from "./record-inspection-status.ts";

/** A picture that lies where files are staged. */
export type StagedPicture = Pick<
  NewImage,
  "sha256" | "sizeBytes" | "fileName" | "sourcePath" | "width" | "height"
>;

export type SubmitInspectionInput = {
  readonly projectId: ProjectId;
  readonly images: readonly StagedPicture[];
  /** Holds the pictures; what is not kept is discarded by who called. */
  readonly staged: Pick<StagedBlobs, "keep">;
  /** Left out: the project's active version. */
  readonly modelVersionId?: ModelVersionId | undefined;
  readonly name?: string | undefined;
  /** One that the model knows; may be left out when it knows just one. */
  readonly category?: string | undefined;
};

/**
 * Let a worker score new pictures.
 *
 * Inspection, images, job and event are committed together. Role and room are asked for again,
 * since others may have come while the bytes did.
 */
export const submitInspection = projectUseCase(
  "inspection:write",
  async (scene, input: SubmitInspectionInput): Promise<InspectionView> => {
    const { db, actor, organisationId, projectId } = scene;
    const { images, staged, name } = input;
    const createdById = authorOf(actor);
    const model = await chooseModel(scene, input.modelVersionId);
    const category = await chooseCategory(scene, model, input.category);
    return db.transaction(async (tx) => {
      await holdAccess(tx, scene);
      await requireInspectionRoom(tx, organisationId);
      await staged.keep(images.map((image) => image.sha256));
      const { id } = await tx.inspections.create({
        projectId,
        modelVersionId: model.id,
        createdById,
        ...(name === undefined ? {} : { name }),
      });
      for (const picture of images) {
        const { image } = await tx.images.create({
          ...picture,
          projectId,
          category,
          origin: "inspection",
          label: "unknown",
          defectType: null,
          split: null,
        });
        await tx.inspections.addImage(id, image.id);
      }
      const view = await tx.inspections.markQueued(id);
      await enqueue(tx.sql, { name: "inspection.score", organisationId }, { inspectionId: id });
      await recordInspectionStatus(tx, { ...view, projectId }, createdById);
      return view;
    });
  },
);
