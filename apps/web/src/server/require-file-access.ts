import { AppError, isAppError, type Action, type ProjectId, type UserId } from "@loupe/contracts";
import type { Database } from "@loupe/db";

import { requireProjectAccess } from "./require-project-access.ts";

export type FileQuestion<F> = {
  readonly userId: UserId;
  readonly action: Action;
  /** Finds the row behind the address. May throw NOT_FOUND. */
  readonly find: () => Promise<F>;
};

/**
 * The row behind a file's address, for someone who may see it.
 *
 * Missing and not theirs get the same answer, so that ids cannot be probed.
 * Throws NOT_FOUND or FORBIDDEN.
 */
export async function requireFileAccess<F extends { readonly projectId: ProjectId }>(
  db: Database,
  { userId, action, find }: FileQuestion<F>,
): Promise<F> {
  try {
    const file = await find();
    await requireProjectAccess(db, { userId, projectId: file.projectId, action });
    return file;
  } catch (error) {
    if (isAppError(error) && error.code === "NOT_FOUND") {
      throw new AppError("NOT_FOUND", "There is no such file.");
    }
    throw error;
  }
}
