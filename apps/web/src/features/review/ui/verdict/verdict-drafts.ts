import { CaseId, VerdictValue } from "@loupe/contracts";
import { z } from "zod";

import { StoredValue } from "../../../../lib/stored-value.ts";

/** What someone has begun to say about a case and not given yet. */
export const VerdictDraft = z.object({
  caseId: CaseId,
  /** Null: only a note so far. */
  value: VerdictValue.nullable(),
  defectType: z.string(),
  note: z.string(),
  /** The version of the case when the draft was begun. */
  seenVersion: z.int(),
});
export type VerdictDraft = z.infer<typeof VerdictDraft>;

/** More drafts than anyone keeps in mind; the oldest go. */
const LIMIT = 50;

/** Drafts outlive the page: nothing that was typed is lost to a reload or a broken connection. */
export function openVerdictDrafts(
  userId: string,
  store: Pick<Storage, "getItem" | "setItem"> | null,
): StoredValue<VerdictDraft[]> {
  return new StoredValue({
    key: `loupe.drafts.${userId}`,
    schema: z.array(VerdictDraft),
    initial: [],
    store,
  });
}

/** With this draft in place of an earlier one of its case; an empty one is no draft. */
export function keepDraft(drafts: readonly VerdictDraft[], draft: VerdictDraft): VerdictDraft[] {
  const others = drafts.filter((other) => other.caseId !== draft.caseId);
  const isEmpty = draft.value === null && draft.note === "" && draft.defectType === "";
  return isEmpty ? others : [...others, draft].slice(-LIMIT);
}
