"use client";

import { isFinalRunStatus, type RunProbe, type RunView } from "@loupe/contracts";
import { useQueries } from "@tanstack/react-query";
import { ScanEye, SkipForward } from "lucide-react";
import { useMemo, useState } from "react";

import { Button } from "../../../../components/button.tsx";
import { Card } from "../../../../components/card.tsx";
import { ColourScale } from "../../../../components/colour-scale.tsx";
import { EmptyState } from "../../../../components/empty-state.tsx";
import { anomalyMapOptions } from "../../../../lib/heatmap/use-anomaly-map.ts";
import { upperHalfScale } from "../../../../lib/heatmap/score-at.ts";
import { groupProbes } from "./group-probes.ts";
import { ProbeFigure } from "./probe-figure.tsx";
import { probeMapUrl } from "./probe-map-url.ts";

type ProbePanelProps = {
  readonly run: RunView;
  readonly probes: readonly RunProbe[];
};

/** The same few pictures all through training, with a slider to go back to any step. */
export function ProbePanel({ run, probes }: ProbePanelProps) {
  const { steps, images, scoreOf } = useMemo(() => groupProbes(probes), [probes]);
  /** Null: the newest, also when a newer one comes. */
  const [chosen, setChosen] = useState<number | null>(null);
  const newest = steps.at(-1);
  const index = chosen === null ? steps.length - 1 : Math.min(chosen, steps.length - 1);
  const step = steps[index];

  // One scale for all pictures and all steps, taken from the newest maps: what counts is how the
  // colours change while training goes on.
  const range = useQueries({
    queries:
      newest === undefined
        ? []
        : images.map(({ imageId }) => anomalyMapOptions(probeMapUrl(run.id, imageId, newest))),
    combine: (maps) => ({
      scale: maps.every((map) => map.data)
        ? upperHalfScale(maps.flatMap((map) => map.data ?? []))
        : null,
    }),
  });
  const [scale, setScale] = useState(range.scale);
  if (range.scale && (range.scale.min !== scale?.min || range.scale.max !== scale.max)) {
    setScale(range.scale);
  }

  return (
    <Card
      title="Probe images"
      note={step === undefined ? undefined : `step ${step.toLocaleString("en")}`}
      actions={
        steps.length > 1 && (
          <>
            <input
              type="range"
              aria-label="Step of the probe images"
              aria-valuetext={`Step ${step ?? 0}`}
              min={0}
              max={steps.length - 1}
              value={index}
              className="w-36"
              onChange={(event) => {
                const next = event.target.valueAsNumber;
                setChosen(next === steps.length - 1 ? null : next);
              }}
            />
            <Button
              size="sm"
              tone="quiet"
              disabled={chosen === null}
              onClick={() => setChosen(null)}
            >
              <SkipForward aria-hidden className="size-3.5" /> Newest
            </Button>
          </>
        )
      }
    >
      {step === undefined ? (
        <EmptyState
          icon={<ScanEye />}
          title={isFinalRunStatus(run.status) ? "No map" : "No map yet"}
          className="py-8"
        >
          {isFinalRunStatus(run.status)
            ? "The run ended before its first heatmaps."
            : "The first heatmaps come with the first steps, and sharpen from then on."}
        </EmptyState>
      ) : (
        <>
          <div className="grid grid-cols-2 gap-2">
            {images.map((image) => (
              <ProbeFigure
                key={image.imageId}
                runId={run.id}
                image={image}
                step={step}
                score={scoreOf(image.imageId, step)}
                scale={scale}
              />
            ))}
          </div>
          {scale && (
            <ColourScale
              scale={scale}
              origin={`median to peak at step ${(newest ?? 0).toLocaleString("en")}`}
              className="text-ink-2 mt-3"
            />
          )}
        </>
      )}
    </Card>
  );
}
