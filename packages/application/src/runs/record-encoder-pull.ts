import type { EncoderPullView, ProjectId, UserId } from "@loupe/contracts";
import type { Transaction } from "@loupe/db";
import { recordEvent } from "@loupe/platform";

type ToldPull = Pick<EncoderPullView, "id" | "encoder" | "status" | "bytesDone" | "bytesTotal"> & {
  readonly projectId: ProjectId;
};

/** Tell how far the download of an encoder is. Call it last. */
export async function recordEncoderPull(
  tx: Transaction,
  { projectId, id: pullId, encoder, status, bytesDone, bytesTotal }: ToldPull,
  actorId?: UserId,
): Promise<void> {
  await recordEvent(tx, {
    projectId,
    body: { type: "encoder.pull", pullId, encoder, status, bytesDone, bytesTotal },
    ...(actorId === undefined ? {} : { actorId }),
  });
}
