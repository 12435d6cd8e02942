"use client";

import type { RunIncident } from "@loupe/contracts";
import { TriangleAlert } from "lucide-react";
import { useMemo } from "react";
import type UPlot from "uplot";

import { Plot } from "../../../../components/plot.tsx";
import { useThemeColours } from "../../../../lib/use-theme-colours.ts";
import { chartOptions } from "./chart-options.ts";
import type { GaugeGroup } from "./read-curves.ts";
import { seriesLook, strokeOf } from "./series-look.ts";
import { isRouterCollapsed, newestShares, stackShares } from "./share-experts.ts";

type ExpertChartProps = {
  readonly gauges: GaugeGroup;
  readonly incidents: readonly RunIncident[];
  readonly steps: number;
  readonly activeExperts: number;
};

/** How the router shares the tokens out, stacked to one: a collapsed router is one wide band. */
export function ExpertChart({ gauges, incidents, steps, activeExperts }: ExpertChartProps) {
  const colours = useThemeColours();
  const count = gauges.curves.length;
  const options = useMemo(() => {
    // From the top band down: each is painted over the foot of the one before.
    const series = Array.from({ length: count }, (_, at): UPlot.Series => {
      const index = count - 1 - at;
      return {
        label: `expert ${index}`,
        stroke: colours.panel,
        fill: strokeOf(seriesLook(index), colours),
        width: 1.5,
        points: { show: false },
        spanGaps: true,
      };
    });
    return chartOptions({ colours, incidents, steps, scale: "share" }, series);
  }, [colours, incidents, steps, count]);
  const data = useMemo(
    (): UPlot.AlignedData => [[...gauges.steps], ...stackShares(gauges).toReversed()],
    [gauges],
  );
  const shares = newestShares(gauges).map((share, index) => ({
    name: gauges.curves[index]?.name ?? "",
    percent: Math.round(100 * share),
    share,
  }));
  const isCollapsed = isRouterCollapsed(
    shares.map(({ share }) => share),
    activeExperts,
  );
  return (
    <figure className="min-w-0">
      <figcaption className="mb-1 text-sm font-medium">Share of the tokens by expert</figcaption>
      <Plot
        label="Share of the tokens by expert and step"
        description={shares.map(({ name, percent }) => `expert ${name} ${percent} %`).join(", ")}
        data={data}
        options={options}
        height={150}
        points={gauges.steps.length}
      />
      <ul aria-label="Experts, newest share" className="num mt-1 flex flex-wrap gap-x-3 text-xs">
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
      {isCollapsed && (
        <p className="text-warn mt-1 flex items-center gap-1.5 text-xs font-medium">
          <TriangleAlert aria-hidden className="size-3.5 shrink-0" />
          The router has collapsed: the other experts learn nothing. A larger balance weight or
          another seed may help.
        </p>
      )}
    </figure>
  );
}
