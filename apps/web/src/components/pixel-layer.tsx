"use client";

import { useEffect, useRef } from "react";

import { cn } from "../lib/cn.ts";

export type Pixels = {
  /** RGBA, shape [height, width, 4]. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
};

/** Pixels stretched over their place. Keeps the last ones while the next are on their way. */
export function PixelLayer({
  pixels,
  opacity,
  className,
}: {
  readonly pixels: Pixels | null;
  readonly opacity: number;
  readonly className?: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (!element || !pixels) return;
    element.width = pixels.width;
    element.height = pixels.height;
    element
      .getContext("2d")
      ?.putImageData(new ImageData(pixels.data, pixels.width, pixels.height), 0, 0);
  }, [pixels]);
  return (
    <canvas
      ref={canvas}
      aria-hidden
      className={cn("pointer-events-none absolute inset-0 size-full", className)}
      style={{ opacity }}
    />
  );
}
