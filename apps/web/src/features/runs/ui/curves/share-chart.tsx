"use client";

import type { RunIncident } from "@loupe/contracts";
import type { ShareGauges } from "@loupe/model/catalog";
import { TriangleAlert } from "lucide-react";
import { useMemo } from "react";
import type UPlot from "uplot";

import { Plot } from "../../../../components/plot.tsx";
import { useThemeColours } from "../../../../lib/use-theme-colours.ts";
import { chartOptions } from "./chart-options.ts";
import type { GaugeGroup } from "./read-curves.ts";
import { seriesLook, strokeOf } from "./series-look.ts";
import { isCollapsed, newestShares, stackShares } from "./gauge-shares.ts";

type ShareChartProps = {
  readonly gauges: GaugeGroup;
  readonly incidents: readonly RunIncident[];
  readonly steps: number;
  readonly words: ShareGauges;
  /** How many work at a time, as the run's settings say. */
  readonly active: number;
};

/** How a whole is shared out, stacked to one: when one has nearly all, it is one wide band. */
export function ShareChart({ gauges, incidents, steps, words, active }: ShareChartProps) {
  const { title, member, members } = words;
  const colours = useThemeColours();
  const count = gauges.curves.length;
  const options = useMemo(() => {
    // From the top band down: each is painted over the foot of the one before.
    const series = Array.from({ length: count }, (_, at): UPlot.Series => {
      const index = count - 1 - at;
      return {
        label: `${member} ${index}`,
        stroke: colours.panel,
        fill: strokeOf(seriesLook(index), colours),
        width: 1.5,
        points: { show: false },
        spanGaps: true,
      };
    });
    return chartOptions({ colours, incidents, steps, scale: "share" }, series);
  }, [colours, incidents, steps, count, member]);
  const data = useMemo(
    (): UPlot.AlignedData => [[...gauges.steps], ...stackShares(gauges).toReversed()],
    [gauges],
  );
  const shares = newestShares(gauges).map((share, index) => ({
    name: gauges.curves[index]?.name ?? "",
    percent: Math.round(100 * share),
    share,
  }));
  return (
    <figure className="min-w-0">
      <figcaption className="mb-1 text-sm font-medium">{title}</figcaption>
      <Plot
        label={`${title} and step`}
        description={shares.map(({ name, percent }) => `${member} ${name} ${percent} %`).join(", ")}
        data={data}
        options={options}
        height={150}
        points={gauges.steps.length}
      />
      <ul
        aria-label={`${members}, newest share`}
        className="num mt-1 flex flex-wrap gap-x-3 text-xs"
      >
        {shares.map(({ name, percent }, index) => (
          <li key={name} className="text-ink-2 inline-flex items-center gap-1.5">
            <span
              aria-hidden
              className="size-2.5 rounded-sm"
              style={{ background: `var(--${seriesLook(index).colour})` }}
            />
            {name} <span className="text-ink">{percent} %</span>
          </li>
        ))}
      </ul>
      {isCollapsed(newestShares(gauges), active) && (
        <p className="text-warn mt-1 flex items-center gap-1.5 text-xs font-medium">
          <TriangleAlert aria-hidden className="size-3.5 shrink-0" />
          {words.collapsed}
        </p>
      )}
    </figure>
  );
}
