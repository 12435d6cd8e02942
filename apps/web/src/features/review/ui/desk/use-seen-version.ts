"use client";

import type { CaseView } from "@loupe/contracts";
import { useEffect, useState } from "react";

import { useMe } from "../../../session/index.ts";
import { SEEN_AFTER_MS, seenVersion, type Seen } from "./seen-version.ts";

/** The version of the case that the person at this screen can be taken to have seen. */
export function useSeenVersion(view: CaseView): number {
  const me = useMe();
  const { id, version } = view;
  const [seen, setSeen] = useState<Seen>({ caseId: id, version });
  // A newly opened case is seen as it is from the first moment.
  if (seen.caseId !== id) setSeen({ caseId: id, version });

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    // Nobody sees a page in the background.
    const arm = () => {
      clearTimeout(timer);
      if (document.visibilityState !== "visible") return;
      timer = setTimeout(() => setSeen({ caseId: id, version }), SEEN_AFTER_MS);
    };
    arm();
    document.addEventListener("visibilitychange", arm);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", arm);
    };
  }, [id, version]);

  return seenVersion(view, seen, me.user.id);
}
