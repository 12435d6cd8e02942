import type { InspectionImageRow } from "@loupe/db";
import { enqueue, isWaiting } from "@loupe/platform";

import type { WorkerServices } from "../worker-services.ts";
import type { InspectionShare } from "./inspection-share.ts";

/** Images that a worker takes at once: the last part of an inspection is one worker's alone. */
const PART = 16;

/**
 * Take the next images of an inspection, none when somebody is at all that are left.
 *
 * While there are more, a job waits for them: another worker takes it, or the next turn of this one.
 */
export async function takePart(
  { db }: Pick<WorkerServices, "db">,
  { claimed, token }: InspectionShare,
): Promise<readonly InspectionImageRow[]> {
  const { id, organisationId } = claimed;
  return db.transaction(async (tx) => {
    const { images, hasMore } = await tx.inspections.takeImages({ id, limit: PART }, token);
    const payload = { inspectionId: id };
    if (hasMore && !(await isWaiting(tx.sql, "inspection.score", payload))) {
      await enqueue(tx.sql, { name: "inspection.score", organisationId }, payload);
    }
    return images;
  });
}
