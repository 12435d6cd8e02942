"use client";

import type { CaseView } from "@loupe/contracts";
import { ListX } from "lucide-react";

import { Notice } from "../../../../components/notice.tsx";
import { formatTimeAgo } from "../../../../lib/format-time-ago.ts";
import { useNow } from "../../../../lib/use-now.ts";
import { sayDecision } from "../verdict/say-decision.ts";

/** The case on the screen has left the list beside it: says why, and what the keys do now. */
export function UnlistedNotice({ view }: { readonly view: CaseView }) {
  const nowMs = useNow();
  const decided = view.state === "decided" ? view.verdict : null;
  return (
    <Notice tone="warn" icon={<ListX />} className="mb-3">
      <p role="status">
        {decided === null
          ? "This case is not in the list beside it. The keys 1 to 3 leave it alone; the buttons decide it."
          : `${sayDecision(decided)} ${formatTimeAgo(decided.createdAt, nowMs)}. The case is not in this list any more; J and K go on from its place.`}
      </p>
    </Notice>
  );
}
