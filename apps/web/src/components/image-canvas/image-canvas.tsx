"use client";

import {
  useEffect,
  useEffectEvent,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
  type Ref,
} from "react";

import { cn } from "../../lib/cn.ts";
import { drawScene, type Scene } from "./draw-scene.ts";
import { isPageScrollable } from "./is-page-scrollable.ts";
import { usePinch } from "./use-pinch.ts";
import { useStageSize } from "./use-stage-size.ts";
import {
  clampView,
  fitView,
  toImage,
  zoomAt,
  type Point,
  type ViewTransform,
} from "./view-transform.ts";

export type ImageCanvasHandle = {
  readonly zoomBy: (factor: number) => void;
  readonly fit: () => void;
};

type ImageCanvasProps = {
  /** Null while the picture is loading. A new scene of another size starts fitted. */
  readonly scene: Scene | null;
  readonly label: string;
  readonly handle: Ref<ImageCanvasHandle>;
  /** The cursor in shares of the picture, null when it leaves. */
  readonly onHover: (at: Point | null) => void;
  readonly onZoom: (percent: number) => void;
  /** A scene is on the screen, also each time that it is drawn anew. */
  readonly onDrawn?: () => void;
  readonly className?: string;
};

const PAN_STEP = 40;
const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: PAN_STEP, y: 0 },
  ArrowRight: { x: -PAN_STEP, y: 0 },
  ArrowUp: { x: 0, y: PAN_STEP },
  ArrowDown: { x: 0, y: -PAN_STEP },
};

/**
 * A picture on a dark stage: wheel to zoom, drag or arrow keys to pan, two fingers for both.
 *
 * Where the page is taller than the screen (a phone, a page zoomed to 200 %) whoever scrolls wants
 * to get past the picture: there the plain wheel scrolls the page and, where `className` says so
 * (`touch-pan-x touch-pan-y`), one finger too. The wheel with Ctrl, as trackpads send it for a
 * pinch, and two fingers belong to the picture everywhere, as on maps in pages.
 */
export function ImageCanvas(props: ImageCanvasProps) {
  const { scene, label, handle, onHover, onZoom, onDrawn, className } = props;
  const stageRef = useRef<HTMLDivElement>(null);
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const dragFrom = useRef<Point | null>(null);
  const stage = useStageSize(stageRef);
  /** Null: fitted, also when the stage changes its size. */
  const [moved, setMoved] = useState<ViewTransform | null>(null);

  const view = useMemo(() => {
    if (!scene || !stage) return null;
    return moved ? clampView(moved, scene.size, stage) : fitView(scene.size, stage);
  }, [scene, stage, moved]);

  const reportDrawn = useEffectEvent(() => onDrawn?.());
  useEffect(() => {
    const canvas = canvasRef.current;
    const context = canvas?.getContext("2d");
    if (!canvas || !context || !stage) return;
    const frame = requestAnimationFrame(() => {
      const ratio = window.devicePixelRatio;
      const width = Math.round(stage.width * ratio);
      const height = Math.round(stage.height * ratio);
      if (canvas.width !== width || canvas.height !== height) {
        canvas.width = width;
        canvas.height = height;
      }
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, stage.width, stage.height);
      if (!scene || !view) return;
      drawScene(context, scene, view);
      reportDrawn();
    });
    return () => cancelAnimationFrame(frame);
  }, [scene, stage, view]);

  const scale = view?.scale ?? null;
  const reportZoom = useEffectEvent((percent: number) => onZoom(percent));
  useEffect(() => {
    if (scale !== null) reportZoom(Math.round(100 * scale));
  }, [scale]);

  const zoom = useEffectEvent((factor: number, at: Point | null) => {
    if (!view || !stage) return;
    setMoved(zoomAt(view, at ?? { x: stage.width / 2, y: stage.height / 2 }, factor));
  });

  // React's own wheel listener is passive and could not keep the page from scrolling.
  useEffect(() => {
    const element = stageRef.current;
    if (!element) return;
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey && isPageScrollable(element)) return;
      event.preventDefault();
      const box = element.getBoundingClientRect();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      const factor = Math.exp(-event.deltaY * lines * 0.0016);
      zoom(factor, { x: event.clientX - box.left, y: event.clientY - box.top });
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, []);

  usePinch(stageRef, ({ at, by, factor }) => {
    if (!view) return;
    const zoomed = zoomAt(view, at, factor);
    setMoved({ ...zoomed, x: zoomed.x + by.x, y: zoomed.y + by.y });
  });

  useImperativeHandle(handle, () => ({
    zoomBy: (factor) => {
      if (!view || !stage) return;
      setMoved(zoomAt(view, { x: stage.width / 2, y: stage.height / 2 }, factor));
    },
    fit: () => setMoved(null),
  }));

  const panBy = (delta: Point) => {
    if (view) setMoved({ ...view, x: view.x + delta.x, y: view.y + delta.y });
  };

  const hover = (event: PointerEvent<HTMLDivElement>) => {
    if (!view || !scene) return;
    const box = event.currentTarget.getBoundingClientRect();
    const at = toImage(view, { x: event.clientX - box.left, y: event.clientY - box.top });
    const share = { x: at.x / scene.size.width, y: at.y / scene.size.height };
    onHover(share.x >= 0 && share.y >= 0 && share.x < 1 && share.y < 1 ? share : null);
  };

  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    hover(event);
    const from = dragFrom.current;
    if (!from) return;
    panBy({ x: event.clientX - from.x, y: event.clientY - from.y });
    dragFrom.current = { x: event.clientX, y: event.clientY };
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = ARROWS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    panBy(step);
  };

  return (
    <div
      ref={stageRef}
      role="application"
      aria-label={`${label}. Arrow keys move the picture, plus and minus zoom, zero fits it.`}
      tabIndex={0}
      className={cn(
        "stage-focus relative cursor-grab touch-none overflow-hidden outline-offset-[-3px] active:cursor-grabbing",
        className,
      )}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        // A second finger ends the drag: from there on it is a pinch.
        dragFrom.current = null;
        if (event.button !== 0 || !event.isPrimary) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        dragFrom.current = { x: event.clientX, y: event.clientY };
      }}
      onPointerMove={onPointerMove}
      onPointerUp={() => (dragFrom.current = null)}
      onPointerCancel={() => (dragFrom.current = null)}
      onPointerLeave={() => onHover(null)}
      onDoubleClick={() => setMoved(null)}
    >
      <canvas
        ref={canvasRef}
        role="img"
        aria-label={label}
        className="absolute inset-0 size-full"
      />
    </div>
  );
}
