import { type AppError, ERROR_STATUS, isAppError, storageFailure } from "@loupe/contracts";
import { TRPCError } from "@trpc/server";

import { isOutage } from "./is-outage.ts";
import { outage } from "./outage.ts";

type TrpcCode = ConstructorParameters<typeof TRPCError>[0]["code"];
type Status = (typeof ERROR_STATUS)[keyof typeof ERROR_STATUS];

const TRPC_CODES = {
  400: "BAD_REQUEST",
  401: "UNAUTHORIZED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  409: "CONFLICT",
  413: "PAYLOAD_TOO_LARGE",
  422: "UNPROCESSABLE_CONTENT",
  429: "TOO_MANY_REQUESTS",
  503: "SERVICE_UNAVAILABLE",
  // tRPC has no name for 507; the code of the failure itself goes along.
  507: "SERVICE_UNAVAILABLE",
} as const satisfies Record<Status, TrpcCode>;

/** Give an expected failure, or an outage, the HTTP status of its code; leave others alone. */
export function toTrpcError(error: TRPCError): TRPCError {
  const cause = findExpected(error);
  if (cause === null) return error;
  return new TRPCError({
    code: TRPC_CODES[ERROR_STATUS[cause.code]],
    message: cause.message,
    cause,
  });
}

function findExpected(error: TRPCError): AppError | null {
  if (isAppError(error.cause)) return error.cause;
  return storageFailure(error.cause) ?? (isOutage(error) ? outage(error.cause) : null);
}
