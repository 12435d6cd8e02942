import { AppError, can, type Action, type ProjectId } from "@loupe/contracts";
import type { Transaction } from "@loupe/db";

import type { SignIn } from "./context.ts";

export type HeldAccess = {
  readonly signIn: SignIn;
  readonly projectId: ProjectId;
  readonly action: Action;
};

/**
 * Make sure at the end of an upload, which may have taken hours, that its author
 * may still do this, and that it stays so until the transaction ends.
 *
 * Throws NOT_FOUND or FORBIDDEN like `requireProjectAccess`, which asked at the beginning.
 */
export async function holdProjectAccess(
  tx: Transaction,
  { signIn, projectId, action }: HeldAccess,
): Promise<void> {
  const { sessionId, user } = signIn;
  const access = await tx.members.holdAccessToProject({ userId: user.id, sessionId, projectId });
  if (access === null) throw new AppError("NOT_FOUND", "There is no such project.");
  if (!can(access.role, action)) {
    throw new AppError("FORBIDDEN", `Your role (${access.role}) may not do this.`);
  }
}
