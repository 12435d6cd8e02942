import { z } from "zod";

/**
 * Failures a person can meet, and the HTTP status each one becomes.
 *
 * The table is total: the UI keeps a sentence for every code, and a new code
 * does not compile until someone has written it.
 */
export const ERROR_STATUS = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  FILE_MISSING: 404,
  PICTURE_UNREADABLE: 422,
  BAD_INPUT: 400,
  TOO_LARGE: 413,
  TOO_MANY_REQUESTS: 429,
  NAME_TAKEN: 409,
  IMPORT_REFUSED: 422,
  DATASET_HAS_NO_GOOD_IMAGES: 422,
  DATASET_IS_EMPTY: 422,
  ENCODER_MISSING: 422,
  ENCODER_UNKNOWN: 422,
  RUN_ALREADY_FINISHED: 409,
  RUN_STATUS_CHANGED: 409,
  IMPORT_ALREADY_FINISHED: 409,
  INSPECTION_ALREADY_FINISHED: 409,
  CASE_CHANGED: 409,
  OVERTURN_NEEDS_REASON: 422,
  UNDO_TOO_LATE: 409,
  DEFECT_TYPE_MISSING: 422,
  MODEL_NOT_READY: 409,
  STORAGE_FULL: 507,
  UNAVAILABLE: 503,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof ERROR_STATUS;

/** An expected failure. Anything else that is thrown is a bug and is logged as one. */
export class AppError extends Error {
  override readonly name = "AppError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

/** True for an `AppError`, also one from another copy of this module (bundles, threads). */
export function isAppError(error: unknown): error is AppError {
  return (
    error instanceof Error &&
    error.name === "AppError" &&
    "code" in error &&
    typeof error.code === "string" &&
    error.code in ERROR_STATUS
  );
}

/** What a caller is told of a failure, by every door: as `error` of an answer. */
export const Failure = z.object({
  /** Null for a bug of ours. */
  code: z.enum(Object.keys(ERROR_STATUS) as [ErrorCode, ...ErrorCode[]]).nullable(),
  message: z.string(),
  details: z.record(z.string(), z.unknown()),
});
export type Failure = z.infer<typeof Failure>;

/** The answer to a request that failed, whatever the door. */
export const FailureAnswer = z.object({ error: Failure });
