import { formatScore } from "../../../../lib/format-score.ts";
import { newestOf, type Curve } from "./read-curves.ts";
import { seriesLook } from "./series-look.ts";

type CurveLegendProps = {
  readonly label: string;
  readonly curves: readonly Curve[];
  readonly hidden: ReadonlySet<string>;
  readonly onToggle: (name: string) => void;
};

/** The curves of a chart by name, with their newest values; each can be taken out and put back. */
export function CurveLegend({ label, curves, hidden, onToggle }: CurveLegendProps) {
  return (
    <div role="group" aria-label={label} className="flex flex-wrap gap-1">
      {curves.map((curve, index) => {
        const value = newestOf(curve);
        const isShown = !hidden.has(curve.name);
        return (
          <button
            key={curve.name}
            type="button"
            aria-pressed={isShown}
            onClick={() => onToggle(curve.name)}
            className="num border-line text-ink hover:bg-sunken aria-[pressed=false]:text-ink-3 inline-flex h-7 items-center gap-1.5 rounded-md border px-2 text-sm aria-[pressed=false]:line-through"
          >
            <SeriesSign index={index} />
            {curve.name}
            <span className="font-semibold">{value === null ? "–" : formatScore(value)}</span>
          </button>
        );
      })}
    </div>
  );
}

/** A piece of the n-th curve as it is drawn. */
export function SeriesSign({ index }: { readonly index: number }) {
  const { colour, dash } = seriesLook(index);
  return (
    <svg aria-hidden width="18" height="8" className="shrink-0">
      <line
        x1="0"
        x2="18"
        y1="4"
        y2="4"
        stroke={`var(--${colour})`}
        strokeWidth="2.5"
        strokeDasharray={dash.join(" ")}
      />
    </svg>
  );
}
