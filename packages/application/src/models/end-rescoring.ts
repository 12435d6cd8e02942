import type { ModelVersionId } from "@loupe/contracts";
import type { Transaction } from "@loupe/db";
import { recordEvent } from "@loupe/platform";

/**
 * Note that nothing more is scored with the active version, and tell it.
 *
 * @returns false when that was noted before, or when another version is the active one
 */
export async function endRescoring(
  tx: Transaction,
  modelVersionId: ModelVersionId,
): Promise<boolean> {
  const { projectId, hasEnded } = await tx.models.endRescoring(modelVersionId);
  if (!hasEnded) return false;
  const body = { type: "model.activated", modelVersionId, isRescoring: false } as const;
  await recordEvent(tx, { projectId, body });
  return true;
}
