import type { RunIncident } from "@loupe/contracts";
import type UPlot from "uplot";

import { formatScore } from "../../../../lib/format-score.ts";
import type { ThemeColours } from "../../../../lib/use-theme-colours.ts";
import { axisRange } from "./axis-range.ts";
import { axisSplits } from "./axis-splits.ts";
import { roundValues } from "./round-values.ts";
import type { CurveScale } from "./smooth-curve.ts";

const FONT = '11px "Inter Variable", system-ui, sans-serif';

/** Pixels that a label takes along its axis. */
const LABEL_WIDTH = 70;
const LABEL_HEIGHT = 34;

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
        splits: ({ width }, _axis, ...[min, max]) =>
          axisSplits(min, max, { scale: "linear", room: width / LABEL_WIDTH, leastApart: 1 }),
        values: (_chart, values) => values.map((value) => value.toLocaleString("en")),
      },
      {
        ...axis,
        ...(scale === "log" && {
          filter: keepRoundValues,
          grid: { ...axis.grid, filter: keepRoundValues },
        }),
        size: 52,
        splits: ({ height }, _axis, ...[min, max]) =>
          axisSplits(min, max, {
            scale: scale === "log" ? "log" : "linear",
            room: height / LABEL_HEIGHT,
          }),
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
      return { distr: 3, range: (_chart, min, max) => axisRange(min, max, "log") };
    case "share":
      return { range: () => [0, 1] };
    case "linear":
      return { range: (_chart, min, max) => axisRange(min, max, "linear") };
  }
}

function keepRoundValues(_chart: UPlot, splits: readonly number[]): (number | null)[] {
  return roundValues(splits);
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
