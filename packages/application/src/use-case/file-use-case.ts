import { AppError, isAppError, type Action, type ProjectId } from "@loupe/contracts";
import type { Database } from "@loupe/db";

import type { Caller } from "../actor/caller.ts";
import { enterProject } from "../actor/enter-project.ts";
import type { Ports } from "./ports.ts";

/** The row behind a file's address, for someone who may see it. */
export type FileUseCase<I, F> = {
  (caller: Caller, ports: Pick<Ports, "db">, address: I): Promise<F>;
  readonly action: Action;
};

/**
 * A use case that finds the row of a file, whose address names no project.
 *
 * Missing and not theirs get the same answer, so that ids cannot be probed.
 * Throws NOT_FOUND or FORBIDDEN.
 */
export function fileUseCase<I, F extends { readonly projectId: ProjectId }>(
  action: Action,
  find: (db: Database, address: I) => Promise<F>,
): FileUseCase<I, F> {
  const useCase = async (caller: Caller, { db }: Pick<Ports, "db">, address: I): Promise<F> => {
    try {
      const file = await find(db, address);
      await enterProject(caller, db, { projectId: file.projectId, action });
      return file;
    } catch (error) {
      if (isAppError(error) && error.code === "NOT_FOUND") {
        throw new AppError("NOT_FOUND", "There is no such file.");
      }
      throw error;
    }
  };
  return Object.assign(useCase, { action });
}
