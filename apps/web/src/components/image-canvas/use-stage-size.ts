"use client";

import { useEffect, useState, type RefObject } from "react";

import type { Size } from "./view-transform.ts";

/** The inner size of an element in CSS pixels, kept up to date; null until it has been measured. */
export function useStageSize(element: RefObject<HTMLElement | null>): Size | null {
  const [size, setSize] = useState<Size | null>(null);
  useEffect(() => {
    const stage = element.current;
    if (!stage) return;
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const { width, height } = entry.contentRect;
      if (width > 0 && height > 0) setSize({ width, height });
    });
    observer.observe(stage);
    return () => observer.disconnect();
  }, [element]);
  return size;
}
