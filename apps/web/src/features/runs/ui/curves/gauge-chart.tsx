"use client";

import type { RunIncident } from "@loupe/contracts";
import type { LineGauges } from "@loupe/model/catalog";
import { useMemo } from "react";
import type UPlot from "uplot";

import { Plot } from "../../../../components/plot.tsx";
import { formatScore } from "../../../../lib/format-score.ts";
import { useThemeColours } from "../../../../lib/use-theme-colours.ts";
import { nameToLabel } from "../settings/describe-settings.ts";
import { chartOptions } from "./chart-options.ts";
import { SeriesSign } from "./curve-legend.tsx";
import { type GaugeGroup, newestOf } from "./read-curves.ts";
import { seriesLook, strokeOf } from "./series-look.ts";
import type { CurveScale } from "./smooth-curve.ts";

type GaugeChartProps = {
  readonly gauges: GaugeGroup;
  /** Null for a group that is named by itself and gets the scale that its values ask for. */
  readonly words: LineGauges | null;
  readonly incidents: readonly RunIncident[];
  readonly steps: number;
};

/** From this ratio of largest to smallest on, small values would lie on the axis of a linear scale. */
const LOG_RATIO = 100;

/** The gauges of one group over the steps. */
export function GaugeChart({ gauges, words, incidents, steps }: GaugeChartProps) {
  const colours = useThemeColours();
  const title = words?.title ?? nameToLabel(gauges.group);
  const scale = words?.scale ?? scaleOf(gauges);
  const names = gauges.curves.map(({ name }) => name).join("\n");
  const options = useMemo(() => {
    const series = names.split("\n").map((label, index): UPlot.Series => {
      const look = seriesLook(index);
      const stroke = strokeOf(look, colours);
      return {
        label,
        stroke,
        width: 1.75,
        dash: [...look.dash],
        points: { show: false },
        spanGaps: true,
      };
    });
    return chartOptions({ colours, incidents, steps, scale }, series);
  }, [colours, incidents, steps, scale, names]);
  const data = useMemo((): UPlot.AlignedData => {
    const isDrawn = (value: number | null) => value !== null && (scale !== "log" || value > 0);
    const drawn = gauges.curves.map(({ values }) =>
      values.map((value) => (isDrawn(value) ? value : null)),
    );
    return [[...gauges.steps], ...drawn];
  }, [gauges, scale]);
  const newest = gauges.curves.map((curve) => {
    const value = newestOf(curve);
    return { name: curve.name, text: value === null ? "–" : formatScore(value) };
  });
  return (
    <figure className="min-w-0">
      <figcaption className="mb-1 text-sm font-medium">
        {title}
        {scale === "log" && <span className="text-ink-3 font-normal"> · log scale</span>}
      </figcaption>
      <Plot
        label={`${title} by step`}
        description={newest.map(({ name, text }) => `${name} ${text}`).join(", ")}
        data={data}
        options={options}
        height={150}
        points={gauges.steps.length}
      />
      <ul aria-label={`${title}, newest`} className="num mt-1 flex flex-wrap gap-x-3 text-xs">
        {newest.map(({ name, text }, index) => (
          <li key={name} className="text-ink-2 inline-flex items-center gap-1.5">
            <SeriesSign index={index} /> {name} <span className="text-ink">{text}</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}

function scaleOf({ curves }: GaugeGroup): CurveScale {
  const values = curves.flatMap((curve) => curve.values).filter((value) => value !== null);
  if (values.length === 0 || values.some((value) => value <= 0)) return "linear";
  const [least, most] = values.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, 0],
  );
  return most / least > LOG_RATIO ? "log" : "linear";
}
