import type { ClaimedFreeze, FreezeEnd, Transaction } from "@loupe/db";

import { recordFreeze } from "./record-freeze.ts";

/** End a freeze and tell it; one that has ended stays as it is. */
export async function endFreeze(
  tx: Transaction,
  { id, projectId }: Pick<ClaimedFreeze, "id" | "projectId">,
  end: FreezeEnd,
): Promise<void> {
  const view = await tx.freezes.finish(id, end);
  if (view !== null) await recordFreeze(tx, { ...view, projectId });
}
