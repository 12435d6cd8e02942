import { z } from "zod";

import { ExpectedFailure } from "./expected-failure.ts";

/** What to print for a failure: one sentence when it was expected, the whole stack when it is a bug. */
export function describeFailure(error: unknown): string {
  if (error instanceof ExpectedFailure) return error.message;
  if (error instanceof z.ZodError) return error.issues.map((issue) => issue.message).join("\n");
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
