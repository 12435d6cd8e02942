"use client";

import type { CaseId, ProjectId } from "@loupe/contracts";
import { useRouter } from "next/navigation";
import { useCallback } from "react";

/** Go to a case of the project: on the review page itself its filters stay as they are. */
export function useShowCase(projectId: ProjectId): (id: CaseId) => void {
  const router = useRouter();
  return useCallback(
    (id) => {
      const path = `/projects/${projectId}/review`;
      const url = new URL(window.location.href);
      if (url.pathname !== path) {
        router.push(`${path}?state=all&case=${id}`);
        return;
      }
      url.searchParams.set("case", id);
      window.history.replaceState(null, "", url);
    },
    [router, projectId],
  );
}
