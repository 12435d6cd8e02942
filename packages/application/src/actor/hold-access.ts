import { AppError } from "@loupe/contracts";
import type { Transaction } from "@loupe/db";

import type { ProjectScene } from "../use-case/project-use-case.ts";
import { requirePermission } from "./require-permission.ts";

/**
 * Make sure at the end of something long, an upload that may have taken hours, that its author
 * may still do this, and that it stays so until the transaction ends.
 *
 * Throws NOT_FOUND or FORBIDDEN like `enterProject`, which asked at the beginning.
 */
export async function holdAccess(
  tx: Transaction,
  { actor, projectId, action }: Pick<ProjectScene, "actor" | "projectId" | "action">,
): Promise<void> {
  if (actor.kind !== "person") return;
  const { userId, sessionId } = actor;
  const access = await tx.members.holdAccessToProject({ userId, sessionId, projectId });
  if (access === null) throw new AppError("NOT_FOUND", "There is no such project.");
  requirePermission({ ...actor, ...access }, action);
}
