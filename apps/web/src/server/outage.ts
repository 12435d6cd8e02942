import { AppError } from "@loupe/contracts";

/** The refusal while the database cannot answer, which passes by itself. */
export function outage(cause: unknown): AppError {
  const error = new AppError(
    "UNAVAILABLE",
    "Expected an answer of the database, got none. Nothing is lost: try again in a few seconds.",
  );
  error.cause = cause;
  return error;
}
