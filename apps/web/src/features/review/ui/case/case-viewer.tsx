"use client";

import type { CaseView } from "@loupe/contracts";
import { ImageOff } from "lucide-react";
import { useMemo, useRef, useState, type Ref } from "react";

import { ColourScale } from "../../../../components/colour-scale.tsx";
import type { Scene } from "../../../../components/image-canvas/draw-scene.ts";
import {
  ImageCanvas,
  type ImageCanvasHandle,
} from "../../../../components/image-canvas/image-canvas.tsx";
import {
  PICTURE_PROBLEMS,
  type PictureProblem,
} from "../../../../components/image-canvas/find-picture-problem.ts";
import { PictureError, usePicture } from "../../../../components/image-canvas/use-picture.ts";
import type { Point } from "../../../../components/image-canvas/view-transform.ts";
import { Spinner } from "../../../../components/spinner.tsx";
import { formatScore } from "../../../../lib/format-score.ts";
import { paintHeatmap } from "../../../../lib/heatmap/paint-heatmap.ts";
import { scoreAt, scoreRange } from "../../../../lib/heatmap/score-at.ts";
import { useAnomalyMap } from "../../../../lib/heatmap/use-anomaly-map.ts";
import { useLive } from "../../../../lib/live/live-provider.tsx";
import { useInWindow } from "../desk/use-in-window.ts";
import { useMaskOutline } from "./use-mask-outline.ts";
import type { ViewerSettings } from "./viewer-settings.ts";
import { ViewerStrip } from "./viewer-strip.tsx";

type CaseViewerProps = {
  readonly view: CaseView;
  readonly settings: ViewerSettings;
  readonly onSettings: (change: Partial<ViewerSettings>) => void;
  readonly canvas: Ref<ImageCanvasHandle>;
  readonly onZoomBy: (factor: number) => void;
  readonly onFit: () => void;
  /** The picture has been on the screen: only then may the case be decided. */
  readonly isSeen: boolean;
  readonly onDrawn: () => void;
  /** The picture has come into the window, or has been scrolled out of it. */
  readonly onScrolled: (isInWindow: boolean) => void;
};

/** Pixels as something that a canvas can draw and stretch. */
function toCanvas(data: Uint8ClampedArray<ArrayBuffer>, width: number, height: number) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.putImageData(new ImageData(data, width, height), 0, 0);
  return canvas;
}

function problemOf(error: Error | null): PictureProblem {
  return error instanceof PictureError ? error.problem : "unreachable";
}

/** The server decodes what the browser cannot: when it fails as well, it is the file. */
function sentenceOf(original: Error | null, preview: Error | null): string {
  const isDamaged = preview !== null && problemOf(preview) === "damaged";
  return PICTURE_PROBLEMS[isDamaged ? "damaged" : problemOf(original)];
}

/** The picture under its heatmap on the model's fixed scale of the category, with the truth on demand. */
export function CaseViewer(props: CaseViewerProps) {
  const { view, settings, onSettings, canvas, onZoomBy, onFit, isSeen, onDrawn, onScrolled } =
    props;
  const stage = useRef<HTMLDivElement>(null);
  useInWindow(stage, view.id, onScrolled);
  const [cursor, setCursor] = useState<Point | null>(null);
  const [zoom, setZoom] = useState(100);
  const { state } = useLive();
  const picture = usePicture(`/api/images/${view.imageId}/original`);
  // Browsers do not show every format that cameras write, such as TIFF; the server's preview they do.
  const preview = usePicture(picture.isError ? `/api/images/${view.imageId}/thumbnail` : null);
  const map = useAnomalyMap(`/api/predictions/${view.predictionId}/map`);
  const outline = useMaskOutline(settings.isTruthShown ? view.truth.maskId : null);
  const { scale } = view.model;

  const heatmap = useMemo(
    () =>
      map.data ? toCanvas(paintHeatmap(map.data, scale), map.data.width, map.data.height) : null,
    [map.data, scale],
  );
  const peak = useMemo(() => (map.data ? scoreRange([map.data]) : null), [map.data]);
  const { isHeatmapShown, opacity, isTruthShown } = settings;
  const { width, height } = view.image;
  const scene = useMemo<Scene | null>(() => {
    const image = picture.data ?? preview.data;
    if (!image) return null;
    return {
      image,
      // The browser turns pictures upright as the server does; its size is the one drawn.
      size: picture.data
        ? { width: picture.data.naturalWidth, height: picture.data.naturalHeight }
        : { width, height },
      overlay: heatmap && isHeatmapShown ? { source: heatmap, opacity } : null,
      outline: isTruthShown ? (outline.data ?? null) : null,
    };
  }, [
    picture.data,
    preview.data,
    width,
    height,
    heatmap,
    isHeatmapShown,
    opacity,
    isTruthShown,
    outline.data,
  ]);
  const under = cursor && map.data ? scoreAt(map.data, cursor.x, cursor.y) : null;

  return (
    <section
      aria-label="Viewer"
      aria-busy={!isSeen}
      className="bg-stage text-stage-ink flex min-h-0 min-w-0 flex-col"
    >
      <div ref={stage} className="relative min-h-0 grow">
        <ImageCanvas
          key={view.id}
          handle={canvas}
          scene={scene}
          label={`${view.fileName}${isHeatmapShown ? " with heatmap" : ""}${isTruthShown ? " and ground truth" : ""}`}
          onHover={setCursor}
          onZoom={setZoom}
          onDrawn={onDrawn}
          // Below `md` the page scrolls: one finger gets past the picture.
          className="absolute inset-0 max-md:touch-pan-x max-md:touch-pan-y"
        />
        <p className="text-stage-ink-2 pointer-events-none absolute bottom-2 left-3 hidden rounded-sm bg-black/60 px-1.5 text-xs max-md:pointer-coarse:block">
          Two fingers move and zoom
        </p>
        {picture.isPending && (
          <p
            role="status"
            className="text-stage-ink-2 pointer-events-none absolute inset-0 flex items-center justify-center gap-2 text-sm"
          >
            <Spinner /> Loading the picture…
          </p>
        )}
        {picture.isError && preview.isError && (
          <p
            role="alert"
            className="text-stage-ink-2 absolute inset-0 flex flex-col items-center justify-center gap-2 text-sm"
          >
            <ImageOff aria-hidden className="size-6" />
            {state === "live" ? (
              <>
                The picture could not be loaded.
                <span className="max-w-sm px-4 text-center">
                  {sentenceOf(picture.error, preview.error)}
                </span>
              </>
            ) : (
              "The picture is not on this machine yet; it comes when the line is back."
            )}
          </p>
        )}
        <div className="text-stage-ink pointer-events-none absolute top-3 right-3 w-48 rounded-md bg-black/60 px-2.5 py-2">
          <ColourScale
            scale={scale}
            origin={`fixed scale of version ${view.model.number}, ${view.model.isCategoryScale ? view.category : "all categories"}`}
          />
          <p className="num mt-1.5 flex justify-between gap-2 text-xs">
            <span>
              peak <b>{peak ? formatScore(peak.max) : "–"}</b>
            </span>
            <span>
              under cursor <b>{under === null ? "–" : formatScore(under)}</b>
            </span>
          </p>
          {preview.data && (
            <p role="status" className="mt-1 text-xs">
              A small preview. {sentenceOf(picture.error, preview.error)}
            </p>
          )}
          {map.isError && (
            <p role="alert" className="mt-1 text-xs">
              The heatmap could not be loaded.
            </p>
          )}
        </div>
      </div>
      <ViewerStrip
        view={view}
        settings={settings}
        onSettings={onSettings}
        zoom={zoom}
        onZoomBy={onZoomBy}
        onFit={onFit}
      />
    </section>
  );
}
