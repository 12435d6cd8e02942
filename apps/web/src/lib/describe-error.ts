import type { ErrorCode } from "@loupe/contracts";

import { ERROR_COPY } from "./error-copy.ts";
import { readFailure } from "./failed-answer.ts";

export type ErrorDescription = {
  /** Null: no answer came (offline), or the server failed in a way that it did not expect. */
  code: ErrorCode | null;
  /** One sentence that always fits the code. */
  sentence: string;
  /** What the server said about this case in particular, where it adds something. */
  detail: string | null;
  details: Readonly<Record<string, unknown>>;
  /** No answer can be had now, for want of a line or of the server's database: ask again. */
  isOffline: boolean;
};

/** What to tell a person about a failed request. Takes anything that was thrown. */
export function describeError(error: unknown): ErrorDescription {
  const failure = readFailure(error);
  if (failure === null) {
    return {
      code: null,
      sentence: "No answer from the server. This is tried again by itself.",
      detail: null,
      details: {},
      isOffline: true,
    };
  }
  const { code, message, details } = failure;
  if (code !== null) {
    const sentence = ERROR_COPY[code];
    return {
      code,
      sentence,
      detail: message && message !== sentence && message !== code ? message : null,
      details,
      isOffline: code === "UNAVAILABLE",
    };
  }
  const reference = details["requestId"];
  return {
    code: null,
    sentence: "Something went wrong on our side. Try again; if it stays, tell an owner.",
    detail: typeof reference === "string" ? `Reference for the log: ${reference}` : null,
    details: {},
    isOffline: false,
  };
}
