import type { CaseId, CaseView, VerdictId, VerdictValue } from "@loupe/contracts";

/** A decision that its overturner was asked about, as the dialog showed it when it opened. */
export type OverturnAsk = {
  readonly caseId: CaseId;
  readonly value: VerdictValue;
  readonly version: number;
  readonly verdictId: VerdictId | null;
};

export type OverturnNow =
  /** What the dialog asked about still stands, or the case has moved on under it. */
  | { readonly kind: "same" | "decision changed" | "case changed"; readonly seenVersion: number }
  /** There is nothing to overturn any more. */
  | { readonly kind: "undecided" };

type Shown = Pick<CaseView, "id" | "version" | "state"> & {
  readonly verdict: { readonly id: VerdictId } | null;
};

/** Ask about the decision that stands now. */
export function askOverturn({ id, version, verdict }: Shown, value: VerdictValue): OverturnAsk {
  return { caseId: id, value, version, verdictId: verdict?.id ?? null };
}

/**
 * What has become of a decision while the reason to overturn it was being written.
 *
 * A verdict goes out as of the version that the dialog asked about. It takes a newer one only once
 * the dialog has said what changed for long enough to be seen; until then the server refuses it.
 *
 * @param seen the version that the person can be taken to have seen
 */
export function followOverturn(ask: OverturnAsk, view: Shown, seen: number): OverturnNow {
  if (view.state !== "decided") return { kind: "undecided" };
  if (view.version <= ask.version) return { kind: "same", seenVersion: ask.version };
  const isOther = (view.verdict?.id ?? null) !== ask.verdictId;
  return {
    kind: isOther ? "decision changed" : "case changed",
    seenVersion: Math.max(ask.version, seen),
  };
}
