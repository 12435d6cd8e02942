import type { CaseOptions } from "../protocol.ts";

/** One side of a case, loaded. */
export interface Subject {
  /** Do it once. @returns milliseconds, without the making of the input */
  run(): Promise<number>;
  /** What the last run came to, where both sides must come to the same. */
  values?(): readonly number[];
  close(): Promise<void>;
}

/** Load one side of a case; `extra` are the case's own arguments, such as the method's name. */
export type OpenSubject = (
  options: CaseOptions & Readonly<Record<string, string>>,
) => Promise<Subject>;
