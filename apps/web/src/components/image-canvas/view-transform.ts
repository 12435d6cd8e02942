export type Size = { readonly width: number; readonly height: number };
export type Point = { readonly x: number; readonly y: number };

/** Where an image lies on the stage: stage = image · scale + offset, in CSS pixels. */
export type ViewTransform = { readonly scale: number; readonly x: number; readonly y: number };

/** Beyond 40 screen pixels an image pixel there is nothing more to see. */
const MAX_SCALE = 40;
/** Zooming out ends when the image fills a quarter of the stage that it would fit. */
const MIN_SHARE_OF_FIT = 0.25;
/** This much of the image stays in sight, so that nobody loses it by dragging. */
const KEEP_VISIBLE = 48;

/** The whole image, centred, as large as the stage allows; small images at most 4 times enlarged. */
export function fitView(image: Size, stage: Size): ViewTransform {
  const margin = 16;
  const scale = Math.max(
    0.001,
    Math.min(
      (stage.width - 2 * margin) / image.width,
      (stage.height - 2 * margin) / image.height,
      4,
    ),
  );
  return {
    scale,
    x: (stage.width - image.width * scale) / 2,
    y: (stage.height - image.height * scale) / 2,
  };
}

/** Keep the scale within sense and a strip of the image on the stage. */
export function clampView(view: ViewTransform, image: Size, stage: Size): ViewTransform {
  const fit = fitView(image, stage).scale;
  const scale = Math.min(Math.max(view.scale, fit * MIN_SHARE_OF_FIT), Math.max(MAX_SCALE, fit));
  const clamp = (offset: number, length: number, room: number) =>
    Math.min(Math.max(offset, KEEP_VISIBLE - length * scale), room - KEEP_VISIBLE);
  return {
    scale,
    x: clamp(view.x, image.width, stage.width),
    y: clamp(view.y, image.height, stage.height),
  };
}

/** Zoom by a factor so that the point of the image under `at` stays there. */
export function zoomAt(view: ViewTransform, at: Point, factor: number): ViewTransform {
  return {
    scale: view.scale * factor,
    x: at.x - (at.x - view.x) * factor,
    y: at.y - (at.y - view.y) * factor,
  };
}

/** The point of the image under a point of the stage, in image pixels. */
export function toImage(view: ViewTransform, at: Point): Point {
  return { x: (at.x - view.x) / view.scale, y: (at.y - view.y) / view.scale };
}
