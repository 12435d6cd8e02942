import { AppError, type EncoderPullView } from "@loupe/contracts";
import { enqueue, recordEvent } from "@loupe/platform";
import { ENCODER_CATALOGUE } from "@loupe/model/catalog";

import type { ProjectContext } from "../../../server/project-context.ts";

/** Ask a worker to download an encoder of the catalogue, or return the download under way. */
export async function pullEncoder(ctx: ProjectContext, encoder: string): Promise<EncoderPullView> {
  const names = ENCODER_CATALOGUE.map(({ name }) => name);
  if (!names.includes(encoder)) {
    throw new AppError(
      "ENCODER_UNKNOWN",
      `Expected an encoder of the catalogue (${names.join(", ")}), got ${JSON.stringify(encoder)}.`,
    );
  }
  const { projectId, organisationId } = ctx;
  return ctx.db.transaction(async (tx) => {
    const asked = { projectId, encoder, requestedById: ctx.user.id };
    const { pull, isNew } = await tx.encoderPulls.request(asked);
    if (!isNew) return pull;
    // Two downloads of one encoder write the same files.
    const job = { name: "encoder.pull", organisationId, resource: encoder } as const;
    await enqueue(tx.sql, job, { pullId: pull.id });
    const { id: pullId, status, bytesDone, bytesTotal } = pull;
    await recordEvent(tx, {
      projectId,
      body: { type: "encoder.pull", pullId, encoder, status, bytesDone, bytesTotal },
      actorId: ctx.user.id,
    });
    return pull;
  });
}
