import { isErrorCode } from "./error-copy.ts";

type SendOptions = {
  readonly url: string;
  readonly form: FormData;
  readonly signal: AbortSignal;
  /** Bytes sent and to send, as the browser counts them. */
  readonly onProgress: (sent: number, total: number) => void;
};

/** A refused upload, in the shape in which failed procedures come, so that one reader serves both. */
export class UploadError extends Error {
  override readonly name = "UploadError";
  readonly data: { appCode: unknown; details: unknown } | undefined;

  constructor(message: string, data?: { appCode: unknown; details: unknown }) {
    super(message);
    this.data = data;
  }
}

function readFailure(status: number, text: string): UploadError {
  try {
    const answer = JSON.parse(text) as {
      error?: { code?: unknown; message?: unknown; details?: unknown };
    };
    const { code, message, details } = answer.error ?? {};
    return new UploadError(typeof message === "string" ? message : "", {
      appCode: isErrorCode(code) ? code : null,
      details,
    });
  } catch {
    return new UploadError(`Expected an answer in JSON, got status ${status}`, {
      appCode: status === 413 ? "TOO_LARGE" : null,
      details: {},
    });
  }
}

/**
 * Post a form and report how much of it has gone, which `fetch` cannot.
 *
 * Rejects with an `UploadError`; without `data` when no answer came at all, and with the signal's
 * reason when aborted.
 */
export function sendForm({ url, form, signal, onProgress }: SendOptions): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress(event.loaded, event.total);
    });
    request.addEventListener("load", () => {
      if (request.status >= 200 && request.status < 300) {
        resolve(JSON.parse(request.responseText) as unknown);
      } else {
        reject(readFailure(request.status, request.responseText));
      }
    });
    request.addEventListener("error", () => reject(new UploadError("The connection was lost")));
    request.addEventListener("abort", () => reject(signal.reason as Error));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(form);
  });
}
