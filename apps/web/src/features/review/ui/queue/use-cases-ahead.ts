"use client";

import type { CaseId, CaseRow, ProjectId } from "@loupe/contracts";
import { QueryObserver, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { pictureOptions } from "../../../../components/image-canvas/use-picture.ts";
import { anomalyMapOptions } from "../../../../lib/heatmap/use-anomaly-map.ts";
import { useLive } from "../../../../lib/live/live-provider.tsx";
import { useTRPC, type Trpc } from "../../../../lib/trpc.tsx";
import { useProject } from "../../../projects/index.ts";
import { CaseShelf } from "./case-shelf.ts";

/** So many cases can be reviewed without a line. */
const AHEAD = 20;
/** Pictures as they are drawn, four bytes a pixel: enough for twenty of 2000 × 2000. */
const LIMIT_BYTES = 400 * 1024 * 1024;
const BYTES_A_PIXEL = 4;

type Ahead = {
  readonly key: string;
  readonly caseId: CaseId;
  readonly picture: string;
  readonly preview: string;
  readonly map: string;
};

function toAhead({ id, imageId, predictionId }: CaseRow): Ahead {
  return {
    key: `${id} ${predictionId}`,
    caseId: id,
    picture: `/api/images/${imageId}/original`,
    preview: `/api/images/${imageId}/thumbnail`,
    map: `/api/predictions/${predictionId}/map`,
  };
}

/** Keep the cases after this one ready, beginning when the chosen one is on the screen. */
export function useCasesAhead(rows: readonly CaseRow[], caseId: CaseId, isDrawn: boolean): void {
  const trpc = useTRPC();
  const client = useQueryClient();
  const { id: projectId } = useProject();
  const { state } = useLive();
  const [shelf] = useState(() => openShelf(client, trpc, projectId));
  useEffect(() => () => shelf.clear(), [shelf]);
  useEffect(() => {
    if (!isDrawn || state !== "live") return;
    const at = rows.findIndex((row) => row.id === caseId);
    void shelf.turnTo(rows.slice(at + 1, at + 1 + AHEAD).map(toAhead));
  }, [shelf, rows, caseId, isDrawn, state]);
}

function openShelf(client: QueryClient, trpc: Trpc, projectId: ProjectId): CaseShelf<Ahead> {
  // Live events keep what is here up to date: it is asked for only when it is not here.
  const caseOptions = (caseId: CaseId) => ({
    ...trpc.review.case.queryOptions({ projectId, caseId }),
    staleTime: Infinity,
  });
  const loadPicture = (url: string) =>
    client.fetchQuery({ ...pictureOptions(url), retry: false }).then(
      (picture) => picture.naturalWidth * picture.naturalHeight * BYTES_A_PIXEL,
      () => null,
    );
  return new CaseShelf({
    limitBytes: LIMIT_BYTES,
    load: async ({ caseId, picture, preview, map }) => {
      await client.fetchQuery(caseOptions(caseId));
      // What the browser cannot show is shown as a preview, and a map may be missing.
      const pictureBytes = (await loadPicture(picture)) ?? (await loadPicture(preview));
      const loaded = await client
        .fetchQuery({ ...anomalyMapOptions(map), retry: false })
        .catch(() => null);
      if (pictureBytes === null && loaded === null) throw new Error("The line was lost");
      return (pictureBytes ?? 0) + (loaded?.values.byteLength ?? 0);
    },
    hold: ({ caseId, picture, preview, map }) => {
      // Whoever watches a query keeps it from being cleared away.
      const watches = [
        new QueryObserver(client, { ...caseOptions(caseId), enabled: false }).subscribe(noop),
        ...[picture, preview].map((url) =>
          new QueryObserver(client, { ...pictureOptions(url), enabled: false }).subscribe(noop),
        ),
        new QueryObserver(client, { ...anomalyMapOptions(map), enabled: false }).subscribe(noop),
      ];
      return () => {
        for (const stop of watches) stop();
      };
    },
  });
}

function noop(): void {
  // Watching is enough.
}
