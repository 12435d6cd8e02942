import type { GiveVerdictInput } from "@loupe/contracts";

import type { ErrorDescription } from "../../../../lib/describe-error.ts";
import { VERDICT_COPY } from "./verdict-copy.tsx";

/** How far taking a verdict back has got: nothing is taken back before the server says so. */
export type UndoFate =
  | { readonly kind: "asked" }
  | { readonly kind: "waiting" }
  | { readonly kind: "done" }
  | {
      readonly kind: "refused";
      readonly why: Pick<ErrorDescription, "code" | "sentence" | "details">;
    };

type Undone = {
  readonly fileName: string;
  readonly input: Pick<GiveVerdictInput, "value" | "defectType">;
};

/** As in "0036.jpg: your verdict is being taken back." */
export function sayUndo({ fileName, input }: Undone, fate: UndoFate): string {
  switch (fate.kind) {
    case "asked":
      return `${fileName}: your verdict is being taken back.`;
    case "waiting":
      return `${fileName}: your verdict will be taken back when the connection is back, if that is within ten seconds.`;
    case "done":
      return `${fileName}: your verdict is taken back.`;
    case "refused":
      return `${fileName}: your verdict could not be taken back: ${sayWhy(input, fate.why)}`;
  }
}

function sayWhy(
  { value, defectType }: Undone["input"],
  { code, sentence, details }: Extract<UndoFate, { kind: "refused" }>["why"],
): string {
  if (code !== "UNDO_TOO_LATE") return sentence;
  // The version comes along when it was not the time that ran out.
  if ("currentVersion" in details) return "the case has changed since. Look at what changed.";
  const type = defectType === null ? "" : ` (${defectType})`;
  const word = VERDICT_COPY[value].word.toLowerCase();
  return `that works for ten seconds. It stands as ${word}${type}.`;
}
