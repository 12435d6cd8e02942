import { useId } from "react";

import { binScores } from "../lib/bin-scores.ts";
import { formatScore } from "../lib/format-score.ts";

export type HistogramGroup = {
  readonly name: string;
  readonly scores: readonly number[];
  /** Plain bars, or hatched ones in the colour of defects: told apart without colour, too. */
  readonly look: "plain" | "hatched";
};

type HistogramProps = {
  readonly label: string;
  readonly groups: readonly HistogramGroup[];
};

const WIDTH = 560;
const HEIGHT = 170;
const BINS = 28;

/** Two or more distributions over the same scores. */
export function Histogram({ label, groups }: HistogramProps) {
  const hatch = useId();
  const bins = binScores(
    groups.map((group) => group.scores),
    BINS,
  );
  if (!bins) return <p className="text-ink-2 py-6 text-center text-sm">There are no scores yet.</p>;

  const tallest = Math.max(1, ...bins.counts.flat());
  const barWidth = WIDTH / BINS;
  const middle = bins.edges[BINS / 2] ?? 0;
  return (
    <figure>
      <svg
        role="img"
        aria-label={`${label}: ${groups.map(({ name, scores }) => `${scores.length} ${name}`).join(", ")}`}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="border-line-strong h-44 w-full border-b"
      >
        <defs>
          <pattern
            id={hatch}
            width="6"
            height="6"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <rect width="6" height="6" className="fill-defect/35" />
            <rect width="2.2" height="6" className="fill-defect" />
          </pattern>
        </defs>
        {groups.map((group, index) =>
          bins.counts[index]?.map((count, bin) => {
            const height = (count / tallest) * (HEIGHT - 4);
            return (
              count > 0 && (
                <rect
                  key={`${group.name} ${bin}`}
                  x={bin * barWidth + 1 + index * 1.5}
                  y={HEIGHT - height}
                  width={barWidth - 2 - index * 1.5}
                  height={height}
                  className={group.look === "plain" ? "fill-ink-3/55" : undefined}
                  {...(group.look === "hatched" && { fill: `url(#${hatch})` })}
                >
                  <title>
                    {`${count} ${group.name}, ${formatScore(bins.edges[bin] ?? 0)} to ${formatScore(bins.edges[bin + 1] ?? 0)}`}
                  </title>
                </rect>
              )
            );
          }),
        )}
      </svg>
      <div aria-hidden className="num text-ink-3 mt-1 flex justify-between text-xs">
        <span>{formatScore(bins.edges[0] ?? 0)}</span>
        <span>{formatScore(middle)}</span>
        <span>{formatScore(bins.edges.at(-1) ?? 0)}</span>
      </div>
      <figcaption className="text-ink-2 mt-2 flex flex-wrap gap-4 text-sm">
        {groups.map((group) => (
          <span key={group.name} className="num inline-flex items-center gap-1.5">
            <svg aria-hidden viewBox="0 0 12 12" className="size-3">
              <rect
                width="12"
                height="12"
                rx="2"
                className={group.look === "plain" ? "fill-ink-3/55" : undefined}
                {...(group.look === "hatched" && { fill: `url(#${hatch})` })}
              />
            </svg>
            {group.name} {group.scores.length.toLocaleString("en")}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
