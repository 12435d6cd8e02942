import type { VerdictView } from "@loupe/contracts";

import { VERDICT_COPY } from "./verdict-copy.tsx";

/** As in "Reviewer North (Plant North) decided defective (scratch)". */
export function sayDecision({
  author,
  value,
  defectType,
}: Pick<VerdictView, "author" | "value" | "defectType">): string {
  const site = author.site === null ? "" : ` (${author.site})`;
  const type = defectType === null ? "" : ` (${defectType})`;
  return `${author.name}${site} ${VERDICT_COPY[value].past}${type}`;
}
