import type { ImportId } from "@loupe/contracts";

/** What an import's process is told. */
export type ToImport =
  | {
      readonly type: "import";
      readonly importId: ImportId;
      /** The worker that started it, which says for both that they live. */
      readonly workerId: string;
      readonly isLastAttempt: boolean;
    }
  | { readonly type: "stop" };

/** What it answers, once, before it ends. */
export type FromImport =
  | { readonly type: "done" }
  | { readonly type: "failed"; readonly message: string; readonly stack: string };
