"use client";

import type { CaseView, VerdictValue } from "@loupe/contracts";
import { useEffect, useEffectEvent, useState } from "react";

import {
  askOverturn,
  followOverturn,
  type OverturnAsk,
  type OverturnNow,
} from "./follow-overturn.ts";

type Asked = OverturnAsk & { readonly reason: string };

/** What was chosen and written when the decision was gone. */
type LapsedOverturn = Pick<Asked, "value" | "version" | "reason">;

type OverturnOptions = {
  /** The version that the person at this screen can be taken to have seen. */
  readonly seen: number;
  /** The decision was taken back while the reason was being written. */
  readonly onLapse: (lapsed: LapsedOverturn) => void;
};

type OverturnDoor = {
  readonly asked: Asked | null;
  readonly now: Exclude<OverturnNow, { kind: "undecided" }> | null;
  readonly ask: (value: VerdictValue, reason: string) => void;
  readonly write: (reason: string) => void;
  readonly close: () => void;
};

/** The question whether a decision is to be overturned, from its opening to its end. */
export function useOverturn(view: CaseView, { seen, onLapse }: OverturnOptions): OverturnDoor {
  const [asking, setAsking] = useState<Asked | null>(null);
  const asked = asking?.caseId === view.id ? asking : null;
  const now = asked === null ? null : followOverturn(asked, view, seen);
  const isLapsed = now?.kind === "undecided";

  const [lapsed, setLapsed] = useState<Asked | null>(null);
  if (asked !== null && isLapsed) {
    setAsking(null);
    setLapsed(asked);
  }
  const tellLapse = useEffectEvent(onLapse);
  useEffect(() => {
    if (lapsed !== null) tellLapse(lapsed);
  }, [lapsed]);

  return {
    asked: isLapsed ? null : asked,
    now: now === null || now.kind === "undecided" ? null : now,
    ask: (value, reason) => setAsking({ ...askOverturn(view, value), reason }),
    write: (reason) => setAsking((before) => before && { ...before, reason }),
    close: () => setAsking(null),
  };
}
