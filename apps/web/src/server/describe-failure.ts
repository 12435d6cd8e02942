import { isAppError, storageFailure, type Failure } from "@loupe/contracts";
import { z } from "zod";

import { isOutage } from "./is-outage.ts";
import { outage } from "./outage.ts";

/** What may be said of a failure: all of an expected one, a reference of a bug, never a stack. */
export function describeFailure(error: unknown, requestId: string): Failure {
  const expected = findExpected(error) ?? (isOutage(error) ? findExpected(outage(error)) : null);
  if (expected !== null) return expected;
  return {
    code: null,
    message: `Something went wrong on our side. Reference: ${requestId}`,
    details: { requestId },
  };
}

function findExpected(error: unknown): Failure | null {
  if (isAppError(error)) {
    return { code: error.code, message: error.message, details: error.details };
  }
  if (error instanceof z.ZodError) return describeBadInput(error);
  const storage = storageFailure(error);
  if (storage !== null) return findExpected(storage);
  return error instanceof Error && error.cause !== undefined ? findExpected(error.cause) : null;
}

function describeBadInput(error: z.ZodError): Failure {
  const [issue] = error.issues;
  const path = issue?.path.map(String).join(".") ?? "";
  const sentence = issue?.message ?? "The input is not as expected";
  return {
    code: "BAD_INPUT",
    message: path === "" ? sentence : `${path}: ${sentence}`,
    details: { path },
  };
}
