"use client";

import { useEffectEvent, useLayoutEffect, type RefObject } from "react";

/** So much of an element counts as having it in view. */
const ENOUGH = 0.5;

/**
 * Say whether an element is in the window, and bring it there once for each subject that it shows.
 *
 * Where the page scrolls, what was there for the last subject may be far above. Nothing is focused
 * by this, and nothing is scrolled when enough is in view already, nor later on.
 */
export function useInWindow(
  element: RefObject<HTMLElement | null>,
  subject: string,
  onChange: (isInWindow: boolean) => void,
): void {
  const report = useEffectEvent(onChange);
  // Ends with the subject's last frame: nothing is said about it afterwards.
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return;
    let isFirst = true;
    const observer = new IntersectionObserver(
      (entries) => {
        const isInWindow = (entries.at(-1)?.intersectionRatio ?? 0) >= ENOUGH;
        if (isFirst && !isInWindow) target.scrollIntoView({ block: "nearest" });
        isFirst = false;
        report(isInWindow);
      },
      { threshold: [0, ENOUGH, 1] },
    );
    observer.observe(target);
    return () => observer.disconnect();
  }, [element, subject]);
}
