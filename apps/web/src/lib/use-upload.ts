"use client";

import { useEffect, useRef, useState } from "react";

import { sendForm } from "./send-form.ts";

export type UploadState =
  | { readonly phase: "idle" }
  | {
      readonly phase: "sending";
      readonly name: string;
      readonly sent: number;
      /** Null until the browser has counted. */
      readonly total: number | null;
      readonly startedAtMs: number;
    }
  | { readonly phase: "failed"; readonly name: string; readonly error: unknown };

type Upload = {
  readonly state: UploadState;
  /** Resolves with the server's answer, or with null when it failed or was cancelled. */
  readonly send: (upload: { url: string; name: string; form: FormData }) => Promise<unknown>;
  readonly cancel: () => void;
  readonly dismiss: () => void;
};

/** One upload at a time, with progress and a way to stop it. Leaving the page stops it. */
export function useUpload(): Upload {
  const [state, setState] = useState<UploadState>({ phase: "idle" });
  const running = useRef<AbortController | null>(null);

  useEffect(() => () => running.current?.abort(), []);

  const isSending = state.phase === "sending";
  useEffect(() => {
    if (!isSending) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [isSending]);

  return {
    state,
    send: async ({ url, name, form }) => {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      const startedAtMs = Date.now();
      setState({ phase: "sending", name, sent: 0, total: null, startedAtMs });
      try {
        const answer = await sendForm({
          url,
          form,
          signal: controller.signal,
          onProgress: (sent, total) =>
            setState({ phase: "sending", name, sent, total, startedAtMs }),
        });
        setState({ phase: "idle" });
        return answer;
      } catch (error) {
        setState(controller.signal.aborted ? { phase: "idle" } : { phase: "failed", name, error });
        return null;
      }
    },
    cancel: () => running.current?.abort(),
    dismiss: () => setState({ phase: "idle" }),
  };
}
