"use client";

import { useVirtualizer, type VirtualizerOptions } from "@tanstack/react-virtual";

type ListOptions = Pick<
  VirtualizerOptions<HTMLDivElement, HTMLElement>,
  "count" | "getScrollElement" | "estimateSize" | "overscan"
>;

/** The rows of a long list that are in sight. */
export function useVirtualList(options: ListOptions) {
  // eslint-disable-next-line react-hooks/incompatible-library -- it renders anew when the list scrolls, and no compiler memoises its callers
  return useVirtualizer<HTMLDivElement, HTMLElement>(options);
}
