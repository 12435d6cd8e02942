import { FailedAnswer, parseFailure } from "./failed-answer.ts";

type SendOptions = {
  readonly url: string;
  readonly form: FormData;
  readonly signal: AbortSignal;
  /** Bytes sent and to send, as the browser counts them. */
  readonly onProgress: (sent: number, total: number) => void;
};

function failedUpload(status: number, body: string): Error {
  const failure = parseFailure(body);
  if (failure !== null) return new FailedAnswer(failure);
  const message = `Expected an answer in JSON, got status ${status}`;
  // Whatever stands before the server refuses by size without our envelope.
  return new FailedAnswer({ code: status === 413 ? "TOO_LARGE" : null, message, details: {} });
}

/**
 * Post a form and report how much of it has gone, which `fetch` cannot.
 *
 * Rejects with a `FailedAnswer`, with another error when no answer came at all, and with the signal's
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
        reject(failedUpload(request.status, request.responseText));
      }
    });
    request.addEventListener("error", () => reject(new Error("The connection was lost")));
    request.addEventListener("abort", () => reject(signal.reason as Error));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(form);
  });
}
