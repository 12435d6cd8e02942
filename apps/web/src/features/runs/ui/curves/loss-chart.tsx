"use client";

import type { RunIncident, RunPoint } from "@loupe/contracts";
import { useMemo, useState } from "react";
import type UPlot from "uplot";

import { Plot } from "../../../../components/plot.tsx";
import { Segmented } from "../../../../components/segmented.tsx";
import { formatScore } from "../../../../lib/format-score.ts";
import { type ThemeColours, useThemeColours } from "../../../../lib/use-theme-colours.ts";
import { chartOptions } from "./chart-options.ts";
import { CurveLegend } from "./curve-legend.tsx";
import { type Curve, readLosses } from "./read-curves.ts";
import { seriesLook, strokeOf } from "./series-look.ts";
import { type CurveScale, smoothCurve } from "./smooth-curve.ts";

type LossChartProps = {
  readonly points: readonly RunPoint[];
  readonly incidents: readonly RunIncident[];
  readonly steps: number;
  /** What is drawn: the loss, or what stands in its place. */
  readonly title: string;
};

/** A running mean of so few steps lags behind more than it calms. */
const FEW_STEPS = 50;

const NOTHING_HIDDEN: ReadonlySet<string> = new Set();

/** Every step's loss, its running mean and that of each of its parts, and what happened on the way. */
export function LossChart({ points, incidents, steps, title }: LossChartProps) {
  const colours = useThemeColours();
  const [hidden, setHidden] = useState(NOTHING_HIDDEN);
  const [chosen, setChosen] = useState<CurveScale | null>(null);
  const losses = useMemo(() => readLosses(points), [points]);
  const isPositive = points.every(({ loss }) => loss > 0);
  const scale = chosen ?? (isPositive ? "log" : "linear");
  // A text, so that new points with the same parts do not make a new chart.
  const shown = losses.curves.map(({ name }) => (hidden.has(name) ? "" : name)).join("\n");
  const options = useMemo(
    () => chartOptions({ colours, incidents, steps, scale }, listSeries(shown, colours)),
    [colours, incidents, steps, scale, shown],
  );
  const data = useMemo((): UPlot.AlignedData => {
    const drawn = losses.curves.map((curve) => drawable(curve, scale));
    const [total = []] = drawn;
    const isSmoothed = steps > FEW_STEPS;
    return [
      [...losses.steps],
      total,
      ...drawn.map((values) => (isSmoothed ? smoothCurve(values, scale) : values)),
    ];
  }, [losses, scale, steps]);
  const last = points.at(-1);
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <CurveLegend
          label={`Curves of the ${title.toLowerCase()}`}
          curves={losses.curves}
          hidden={hidden}
          onToggle={(name) => {
            const next = new Set(hidden);
            if (!next.delete(name)) next.add(name);
            setHidden(next);
          }}
        />
        <Segmented
          label={`Scale of the ${title.toLowerCase()}`}
          value={scale}
          options={[
            { value: "log", label: "Log" },
            { value: "linear", label: "Linear" },
          ]}
          onChange={setChosen}
        />
      </div>
      <Plot
        label={`${title} by step`}
        description={
          last
            ? `${points.length} steps; the ${title.toLowerCase()} is ${formatScore(last.loss)} at step ${last.step}.`
            : "No step yet."
        }
        data={data}
        options={options}
        height={260}
        points={points.length}
      />
    </div>
  );
}

/** The raw loss, faint, and one running mean for every curve. */
function listSeries(shown: string, colours: ThemeColours): UPlot.Series[] {
  const names = shown.split("\n");
  const points = { show: false };
  const means = names.map((name, index): UPlot.Series => {
    const look = seriesLook(index);
    const stroke = strokeOf(look, colours);
    const width = index === 0 ? 2 : 1.75;
    return {
      label: name,
      show: name !== "",
      stroke,
      width,
      dash: [...look.dash],
      points,
      spanGaps: true,
    };
  });
  const isTotalShown = names[0] !== "";
  const stroke = strokeOf(seriesLook(0), colours);
  return [{ label: "raw", show: isTotalShown, stroke, width: 1, alpha: 0.35, points }, ...means];
}

/** A log axis has no place for zero and below: gaps there. */
function drawable({ values }: Curve, scale: CurveScale): (number | null)[] {
  return values.map((value) => (scale === "log" && value !== null && value <= 0 ? null : value));
}
