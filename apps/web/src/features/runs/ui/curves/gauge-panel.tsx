"use client";

import type { RunIncident, RunPoint } from "@loupe/contracts";
import { useMemo } from "react";

import { Card } from "../../../../components/card.tsx";
import { ExpertChart } from "./expert-chart.tsx";
import { GaugeChart } from "./gauge-chart.tsx";
import { readGauges } from "./read-curves.ts";

type GaugePanelProps = {
  readonly points: readonly RunPoint[];
  readonly incidents: readonly RunIncident[];
  readonly steps: number;
  /** Experts that one token may visit, as the run's settings say. */
  readonly activeExperts: number;
};

/** Everything that a method watches besides its loss: a small chart for each group of gauges. */
export function GaugePanel({ points, incidents, steps, activeExperts }: GaugePanelProps) {
  const groups = useMemo(() => readGauges(points), [points]);
  if (groups.length === 0) return null;
  return (
    <Card title="Watched" note="not minimised: signs of health">
      <div className="grid gap-x-5 gap-y-4 sm:grid-cols-2">
        {groups.map((group) =>
          group.group === "experts" ? (
            <ExpertChart
              key={group.group}
              gauges={group}
              incidents={incidents}
              steps={steps}
              activeExperts={activeExperts}
            />
          ) : (
            <GaugeChart key={group.group} gauges={group} incidents={incidents} steps={steps} />
          ),
        )}
      </div>
    </Card>
  );
}
