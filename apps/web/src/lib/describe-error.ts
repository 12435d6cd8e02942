import type { ErrorCode } from "@loupe/contracts";

import { ERROR_COPY, isErrorCode } from "./error-copy.ts";

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

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** What to tell a person about a failed request. Takes anything that was thrown. */
export function describeError(error: unknown): ErrorDescription {
  const message = error instanceof Error ? error.message : "";
  const data = isRecord(error) && isRecord(error["data"]) ? error["data"] : null;
  const code = data && isErrorCode(data["appCode"]) ? data["appCode"] : null;
  if (code !== null) {
    const details = isRecord(data?.["details"]) ? data["details"] : {};
    const sentence = ERROR_COPY[code];
    return {
      code,
      sentence,
      detail: message && message !== sentence && message !== code ? message : null,
      details,
      isOffline: code === "UNAVAILABLE",
    };
  }
  // A tRPC error without data never reached a procedure: the network or the server was gone.
  if (data === null) {
    return {
      code: null,
      sentence: "No answer from the server. This is tried again by itself.",
      detail: null,
      details: {},
      isOffline: true,
    };
  }
  const details = isRecord(data["details"]) ? data["details"] : {};
  const reference = details["requestId"];
  return {
    code: null,
    sentence: "Something went wrong on our side. Try again; if it stays, tell an owner.",
    detail: typeof reference === "string" ? `Reference for the log: ${reference}` : null,
    details: {},
    isOffline: false,
  };
}
