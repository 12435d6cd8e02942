import { FailureAnswer, type Failure } from "@loupe/contracts";

/** An answer that is a refusal or a failure, of whatever door. */
export class FailedAnswer extends Error {
  override readonly name = "FailedAnswer";

  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

/** What the server said, from anything that was thrown; null when no answer came. */
export function readFailure(error: unknown): Failure | null {
  if (error instanceof FailedAnswer) return error.failure;
  if (!(error instanceof Error)) return null;
  // A procedure's failure comes as data, a refusal before any procedure as the cause.
  const data: unknown = "data" in error ? error.data : undefined;
  if (typeof data === "object" && data !== null && "failure" in data) {
    const { data: answer } = FailureAnswer.safeParse({ error: data.failure });
    if (answer !== undefined) return answer.error;
  }
  return readFailure(error.cause);
}

/** The failure that a body tells, null for any other body. */
export function parseFailure(body: string): Failure | null {
  try {
    return FailureAnswer.parse(JSON.parse(body)).error;
  } catch {
    return null;
  }
}
