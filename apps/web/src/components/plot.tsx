"use client";

import "uplot/dist/uPlot.min.css";

import { useEffect, useEffectEvent, useRef } from "react";
import UPlot from "uplot";

import { cn } from "../lib/cn.ts";

type PlotProps = {
  readonly label: string;
  /** Where the chart says what it shows to those who cannot see it. */
  readonly description: string;
  readonly data: UPlot.AlignedData;
  /** Series, scales and axes. A new object makes a new chart; new data alone does not. */
  readonly options: Omit<UPlot.Options, "width" | "height">;
  readonly height: number;
  /** Points in view, for tests and tools. */
  readonly points: number;
  readonly className?: string;
};

/** A live line chart on a canvas, as wide as its place. */
export function Plot(props: PlotProps) {
  const { label, description, data, options, height, points, className } = props;
  const holder = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot | null>(null);
  const currentData = useEffectEvent(() => data);

  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    const made = new UPlot(
      { ...options, width: Math.max(1, element.clientWidth), height },
      currentData(),
      element,
    );
    chart.current = made;
    const observer = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry?.contentRect.width ?? 0);
      if (width > 0 && width !== made.width) made.setSize({ width, height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [options, height]);

  useEffect(() => {
    chart.current?.setData(data);
  }, [data]);

  return (
    <div
      role="img"
      aria-label={label}
      aria-description={description}
      data-points={points}
      className={cn("min-w-0", className)}
    >
      <div ref={holder} aria-hidden style={{ height }} className="overflow-hidden" />
    </div>
  );
}
