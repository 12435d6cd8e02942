import { cn } from "../lib/cn.ts";
import { formatScore } from "../lib/format-score.ts";
import { COLORMAP_GRADIENT } from "../lib/heatmap/colormap.ts";
import type { ScoreScale } from "../lib/heatmap/paint-heatmap.ts";

type ColourScaleProps = {
  readonly scale: ScoreScale;
  /** Where the scale comes from. */
  readonly origin: string;
  readonly className?: string;
};

/** The legend of a heatmap: what its darkest and lightest colour stand for. */
export function ColourScale({ scale, origin, className }: ColourScaleProps) {
  return (
    <div
      role="group"
      aria-label={`Colour scale from ${formatScore(scale.min)} to ${formatScore(scale.max)}, ${origin}`}
      className={cn("num text-xs", className)}
    >
      <div aria-hidden>
        <div className="h-2 rounded-full" style={{ background: COLORMAP_GRADIENT }} />
        <div className="mt-0.5 flex justify-between gap-2">
          <span>≤ {formatScore(scale.min)}</span>
          <span>≥ {formatScore(scale.max)}</span>
        </div>
        <p className="opacity-80">{origin}</p>
      </div>
    </div>
  );
}
