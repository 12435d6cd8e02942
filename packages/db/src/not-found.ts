import { AppError } from "@loupe/contracts";

/** The refusal for an id that does not exist or that the asker must not learn about. */
export function notFound(kind: string, id: string | number): AppError {
  return new AppError("NOT_FOUND", `There is no ${kind} ${id} here. It may have been removed.`, {
    kind,
    id,
  });
}
