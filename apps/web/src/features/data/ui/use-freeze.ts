"use client";

import { type FreezeId, type FreezeView, isFinalFreezeStatus } from "@loupe/contracts";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";

import { useTRPC } from "../../../lib/trpc.tsx";
import { useProject } from "../../projects/index.ts";

/** Start freezing a version and follow it to its end; `onEnd` hears of it once. */
export function useFreeze(onEnd: (freeze: FreezeView) => void) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { id: projectId } = useProject();
  const [startedId, setStartedId] = useState<FreezeId | null>(null);
  const freezes = useQuery(trpc.data.freezes.queryOptions({ projectId }));
  const start = useMutation(
    trpc.data.freeze.mutationOptions({
      onSuccess: async ({ id }) => {
        await queryClient.invalidateQueries(trpc.data.freezes.queryFilter({ projectId }));
        setStartedId(id);
      },
    }),
  );
  const started = freezes.data?.find(({ id }) => id === startedId) ?? null;
  // The event says that it has ended before the row has told with what.
  const hasEnded = started !== null && isFinalFreezeStatus(started.status);
  const isTold = hasEnded && (started.version !== null || started.error !== null);
  const endedId = isTold ? started.id : null;

  const end = useEffectEvent(() => {
    if (started === null) return;
    void queryClient.invalidateQueries(trpc.data.versions.queryFilter({ projectId }));
    onEnd(started);
  });
  useEffect(() => {
    if (endedId !== null) end();
  }, [endedId]);

  return {
    start: (name: string) => start.mutate({ projectId, ...(name !== "" && { name }) }),
    /** The one that was started here and has not ended. */
    underWay: isTold ? null : started,
    isStarting: start.isPending,
    error: start.error,
    reset: () => start.reset(),
  };
}
