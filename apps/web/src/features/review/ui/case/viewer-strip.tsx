"use client";

import type { CaseView } from "@loupe/contracts";
import { Maximize, Minus, Plus } from "lucide-react";

import { Button } from "../../../../components/button.tsx";
import { Kbd } from "../../../../components/kbd.tsx";
import type { ViewerSettings } from "./viewer-settings.ts";

type ViewerStripProps = {
  readonly view: CaseView;
  readonly settings: ViewerSettings;
  readonly onSettings: (change: Partial<ViewerSettings>) => void;
  /** Screen pixels an image pixel, in per cent. */
  readonly zoom: number;
  readonly onZoomBy: (factor: number) => void;
  readonly onFit: () => void;
};

/** One press of a zoom key or button. */
export const ZOOM_STEP = 1.3;

const STAGE_KBD = "border-stage-line bg-transparent text-stage-ink-2";

/** The controls under the picture, each with its key. */
export function ViewerStrip(props: ViewerStripProps) {
  const { view, settings, onSettings, zoom, onZoomBy, onFit } = props;
  const percent = Math.round(100 * settings.opacity);
  const hasMask = view.truth.maskId !== null;
  return (
    <div
      role="toolbar"
      aria-label="Viewer controls"
      className="num border-stage-line flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-t px-3 py-1.5 text-sm"
    >
      <Button
        tone="stage"
        size="sm"
        aria-pressed={settings.isHeatmapShown}
        onClick={() => onSettings({ isHeatmapShown: !settings.isHeatmapShown })}
      >
        Heatmap <Kbd className={STAGE_KBD}>H</Kbd>
      </Button>
      <label className="flex items-center gap-2">
        <span className="sr-only">Heatmap opacity</span>
        <input
          type="range"
          min={0}
          max={100}
          step={5}
          value={percent}
          disabled={!settings.isHeatmapShown}
          onChange={(event) => onSettings({ opacity: event.target.valueAsNumber / 100 })}
          className="stage-focus h-6 w-24 disabled:opacity-40 pointer-coarse:h-11"
        />
        <span aria-hidden className="w-9 text-right">
          {percent} %
        </span>
        <Kbd className={STAGE_KBD}>[</Kbd>
        <Kbd className={STAGE_KBD}>]</Kbd>
      </label>
      <Button
        tone="stage"
        size="sm"
        aria-pressed={settings.isTruthShown}
        onClick={() => onSettings({ isTruthShown: !settings.isTruthShown })}
      >
        Ground truth <Kbd className={STAGE_KBD}>G</Kbd>
      </Button>
      {settings.isTruthShown && !hasMask && (
        <span className="text-stage-ink-2 text-xs">no outline for this image</span>
      )}
      <div className="ml-auto flex items-center gap-1">
        <span className="text-stage-ink-2 mr-2">
          {view.image.width} × {view.image.height} · {zoom} %
        </span>
        <Button
          tone="stage"
          size="iconSm"
          aria-label="Zoom out"
          onClick={() => onZoomBy(1 / ZOOM_STEP)}
        >
          <Minus aria-hidden className="size-4" />
        </Button>
        <Button tone="stage" size="iconSm" aria-label="Fit to view" onClick={onFit}>
          <Maximize aria-hidden className="size-4" />
        </Button>
        <Button tone="stage" size="iconSm" aria-label="Zoom in" onClick={() => onZoomBy(ZOOM_STEP)}>
          <Plus aria-hidden className="size-4" />
        </Button>
      </div>
    </div>
  );
}
