import type { CaseView } from "@loupe/contracts";

/**
 * Whether a key may act on the case in view.
 *
 * A key is meant for the case that is marked in the list. One that has left the list unmarked is
 * left alone, unless it is decided: then the key only opens the question for a reason, which names
 * the case.
 */
export function mayKeyDecide({ state }: Pick<CaseView, "state">, isListed: boolean): boolean {
  return isListed || state === "decided";
}
