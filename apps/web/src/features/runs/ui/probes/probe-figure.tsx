"use client";

import type { RunId } from "@loupe/contracts";
import { useMemo } from "react";

import { PixelLayer } from "../../../../components/pixel-layer.tsx";
import { formatScore } from "../../../../lib/format-score.ts";
import { paintHeatmap, type ScoreScale } from "../../../../lib/heatmap/paint-heatmap.ts";
import { useAnomalyMap } from "../../../../lib/heatmap/use-anomaly-map.ts";
import type { ProbeImage } from "./group-probes.ts";
import { probeMapUrl } from "./probe-map-url.ts";

type ProbeFigureProps = {
  readonly runId: RunId;
  readonly image: ProbeImage;
  readonly step: number;
  readonly score: number | null;
  /** Null until the newest maps are there to say it. */
  readonly scale: ScoreScale | null;
};

/** A probe image under the map that the model made of it at a step. */
export function ProbeFigure({ runId, image, step, score, scale }: ProbeFigureProps) {
  const map = useAnomalyMap(probeMapUrl(runId, image.imageId, step));
  const pixels = useMemo(
    () =>
      map.data && scale
        ? { data: paintHeatmap(map.data, scale), width: map.data.width, height: map.data.height }
        : null,
    [map.data, scale],
  );
  const what = image.defectType ?? "good";
  return (
    <figure className="min-w-0">
      <div
        role="img"
        aria-label={`Anomaly map of ${image.fileName} at step ${step}`}
        aria-busy={pixels === null}
        data-step={step}
        className="bg-stage relative aspect-square overflow-hidden rounded-md"
      >
        <img
          src={`/api/images/${image.imageId}/thumbnail`}
          alt=""
          className="absolute inset-0 size-full"
        />
        <PixelLayer pixels={pixels} opacity={0.72} />
        {map.isError && (
          <p className="absolute inset-0 grid place-items-center bg-black/60 p-2 text-center text-xs text-white">
            This map could not be loaded.
          </p>
        )}
      </div>
      <figcaption className="num mt-1 flex justify-between gap-2 text-xs">
        <span className="text-ink-2 truncate" title={`${image.category} / ${image.fileName}`}>
          {image.category} · {what}
        </span>
        <span className="font-semibold">{score === null ? "–" : formatScore(score)}</span>
      </figcaption>
    </figure>
  );
}
