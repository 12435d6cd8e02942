"use client";

import type { RunIncident, RunPoint, RunView } from "@loupe/contracts";
import type { ShareGauges } from "@loupe/model/catalog";
import { useMemo } from "react";

import { Card } from "../../../../components/card.tsx";
import { methodWords } from "../method-words.ts";
import { GaugeChart } from "./gauge-chart.tsx";
import { readGauges } from "./read-curves.ts";
import { ShareChart } from "./share-chart.tsx";

type GaugePanelProps = {
  readonly run: Pick<RunView, "method" | "settings" | "steps">;
  readonly points: readonly RunPoint[];
  readonly incidents: readonly RunIncident[];
};

/** Everything that a method watches besides its loss: a small chart for each group of gauges. */
export function GaugePanel({ run, points, incidents }: GaugePanelProps) {
  const groups = useMemo(() => readGauges(points), [points]);
  const { gauges } = methodWords(run.method);
  if (groups.length === 0) return null;
  return (
    <Card title="Watched" note="not minimised: signs of health">
      <div className="grid gap-x-5 gap-y-4 sm:grid-cols-2">
        {groups.map((group) => {
          const words = gauges[group.group];
          const shared = { gauges: group, incidents, steps: run.steps };
          return words?.kind === "shares" ? (
            <ShareChart
              key={group.group}
              {...shared}
              words={words}
              active={readActive(run, words)}
            />
          ) : (
            <GaugeChart key={group.group} {...shared} words={words ?? null} />
          );
        })}
      </div>
    </Card>
  );
}

/** How many share the work at a time; 1 where the settings do not say. */
function readActive({ settings }: Pick<RunView, "settings">, words: ShareGauges): number {
  const active = settings[words.activeSetting];
  return typeof active === "number" ? active : 1;
}
