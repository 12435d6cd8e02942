import { AppError, type EncoderPullView, type ProjectId } from "@loupe/contracts";
import { ENCODER_CATALOGUE } from "@loupe/model/catalog";
import { enqueue } from "@loupe/platform";

import { authorOf } from "../actor/person-of.ts";
import { projectUseCase } from "../use-case/project-use-case.ts";
import { recordEncoderPull } from "./record-encoder-pull.ts";

/** Ask a worker to download an encoder of the catalogue, or return the download under way. */
export const pullEncoder = projectUseCase(
  "encoder:pull",
  async (
    { db, actor, organisationId, projectId },
    { encoder }: { projectId: ProjectId; encoder: string },
  ): Promise<EncoderPullView> => {
    const names = ENCODER_CATALOGUE.map(({ name }) => name);
    if (!names.includes(encoder)) {
      throw new AppError(
        "ENCODER_UNKNOWN",
        `Expected an encoder of the catalogue (${names.join(", ")}), got ${JSON.stringify(encoder)}.`,
      );
    }
    const requestedById = authorOf(actor);
    return db.transaction(async (tx) => {
      const { pull, isNew } = await tx.encoderPulls.request({ projectId, encoder, requestedById });
      if (!isNew) return pull;
      // Two downloads of one encoder write the same files.
      const job = { name: "encoder.pull", organisationId, resource: encoder } as const;
      await enqueue(tx.sql, job, { pullId: pull.id });
      await recordEncoderPull(tx, { ...pull, projectId }, requestedById);
      return pull;
    });
  },
);
