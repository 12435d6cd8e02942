import type { Size, ViewTransform } from "./view-transform.ts";

export type Overlay = {
  readonly source: CanvasImageSource;
  /** 0 to 1. */
  readonly opacity: number;
};

export type Outline = {
  /** x1, y1, x2, y2 of each segment, in pixels of `size`. */
  readonly segments: Float32Array;
  readonly size: Size;
};

export type Scene = {
  readonly image: CanvasImageSource;
  readonly size: Size;
  readonly overlay: Overlay | null;
  readonly outline: Outline | null;
};

/** From this many screen pixels an image pixel its edges are what one wants to see. */
const CRISP_FROM = 3;

/** Paint image, overlay and outline under a view. The context is scaled to CSS pixels. */
export function drawScene(context: CanvasRenderingContext2D, scene: Scene, view: ViewTransform) {
  const { image, size, overlay, outline } = scene;
  context.save();
  context.translate(view.x, view.y);
  context.scale(view.scale, view.scale);
  context.imageSmoothingEnabled = view.scale < CRISP_FROM;
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, size.width, size.height);
  if (overlay && overlay.opacity > 0) {
    context.globalAlpha = overlay.opacity;
    // A map is coarser than the picture; its blocks would look like a finding.
    context.imageSmoothingEnabled = true;
    context.drawImage(overlay.source, 0, 0, size.width, size.height);
    context.globalAlpha = 1;
  }
  context.restore();
  if (outline) strokeOutline(context, scene, view);
}

function strokeOutline(context: CanvasRenderingContext2D, scene: Scene, view: ViewTransform) {
  const { outline, size } = scene;
  if (!outline) return;
  const scaleX = (view.scale * size.width) / outline.size.width;
  const scaleY = (view.scale * size.height) / outline.size.height;
  const path = new Path2D();
  const { segments } = outline;
  for (let i = 0; i + 3 < segments.length; i += 4) {
    path.moveTo(view.x + (segments[i] ?? 0) * scaleX, view.y + (segments[i + 1] ?? 0) * scaleY);
    path.lineTo(view.x + (segments[i + 2] ?? 0) * scaleX, view.y + (segments[i + 3] ?? 0) * scaleY);
  }
  context.lineCap = "square";
  // Dark under light: visible on any picture and on any heatmap.
  context.strokeStyle = "rgb(0 0 0 / 0.75)";
  context.lineWidth = 4;
  context.stroke(path);
  context.strokeStyle = "#7df9ff";
  context.lineWidth = 1.75;
  context.stroke(path);
}
