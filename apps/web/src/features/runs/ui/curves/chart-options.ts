import type { RunIncident } from "@loupe/contracts";
import type UPlot from "uplot";

import { formatScore } from "../../../../lib/format-score.ts";
import type { ThemeColours } from "../../../../lib/use-theme-colours.ts";
import { roundValues } from "./round-values.ts";
import type { CurveScale } from "./smooth-curve.ts";

const FONT = '11px "Inter Variable", system-ui, sans-serif';

/** Steps are counted: ticks between them would be of nothing. */
const WHOLE_STEPS = [1, 2, 5].flatMap((base) =>
  Array.from({ length: 7 }, (_, power) => base * 10 ** power),
);

export type ChartFacts = {
  readonly colours: ThemeColours;
  readonly incidents: readonly RunIncident[];
  /** Steps of the whole run: the end of the axis. */
  readonly steps: number;
  readonly scale: CurveScale | "share";
};

/** The looks that the charts of a run have in common: steps on a fixed axis, and what happened. */
export function chartOptions(
  facts: ChartFacts,
  series: readonly UPlot.Series[],
): Omit<UPlot.Options, "width" | "height"> {
  const { colours, steps, scale } = facts;
  const axis = {
    stroke: colours["ink-3"],
    font: FONT,
    grid: { stroke: colours.line, width: 1 },
    ticks: { show: false },
  };
  return {
    padding: [8, 12, 0, 0],
    scales: { x: { time: false, range: () => [0, Math.max(1, steps)] }, y: yScale(scale) },
    axes: [
      {
        ...axis,
        size: 28,
        grid: { show: false },
        incrs: WHOLE_STEPS.toSorted((a, b) => a - b),
        values: (_chart, values) => values.map((value) => value.toLocaleString("en")),
      },
      {
        ...axis,
        ...(scale === "log" && {
          filter: keepRoundValues,
          grid: { ...axis.grid, filter: keepRoundValues },
        }),
        size: 52,
        values: (_chart, values: readonly (number | null)[]) =>
          values.map((value) => {
            if (value === null) return "";
            return scale === "share" ? `${Math.round(100 * value)} %` : formatScore(value);
          }),
      },
    ],
    series: [{ label: "Step" }, ...series],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    hooks: { draw: [(chart) => drawIncidents(chart, facts)] },
  };
}

function yScale(scale: ChartFacts["scale"]): UPlot.Scale {
  switch (scale) {
    case "log":
      return { distr: 3, range: (_chart, min, max) => logRange(min, max) };
    case "share":
      return { range: () => [0, 1] };
    case "linear":
      return { range: (_chart, min, max) => linearRange(min, max) };
  }
}

/** Widens a range to a little beyond its values on a log axis; a decade when there are none. */
function logRange(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null || !(min > 0) || !(max > 0)) return [0.1, 1];
  const pad = Math.max(0.04, Math.log10(max / min) * 0.08);
  return [10 ** (Math.log10(min) - pad), 10 ** (Math.log10(max) + pad)];
}

function keepRoundValues(_chart: UPlot, splits: readonly number[]): (number | null)[] {
  return roundValues(splits);
}

function linearRange(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return [0, 1];
  const pad = Math.max((max - min) * 0.08, Math.abs(max) * 0.02, 1e-9);
  return [min - pad, max + pad];
}

function drawIncidents(chart: UPlot, { colours, incidents }: ChartFacts): void {
  const { ctx, bbox } = chart;
  const ratio = window.devicePixelRatio;
  ctx.save();
  ctx.font = `${11 * ratio}px "Inter Variable", system-ui, sans-serif`;
  ctx.lineWidth = ratio;
  ctx.setLineDash([3 * ratio, 4 * ratio]);
  for (const [index, incident] of incidents.entries()) {
    const x = chart.valToPos(incident.step, "x", true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = colours.warn;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const isLeft = x > bbox.left + bbox.width * 0.6;
    ctx.textAlign = isLeft ? "right" : "left";
    ctx.fillStyle = colours.warn;
    // Several at one step, such as lost and resumed, stand under each other.
    const line = (index % 3) + 1;
    ctx.fillText(incident.message, x + (isLeft ? -5 : 5) * ratio, bbox.top + 14 * line * ratio);
  }
  ctx.restore();
}
