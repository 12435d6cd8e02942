"use client";

import { useEffect, useEffectEvent, type RefObject } from "react";

import { pinchChange, readPinch, type Pinch, type PinchChange } from "./pinch.ts";

/** Calls with what two fingers on an element do; one finger is left to others. */
export function usePinch(
  element: RefObject<HTMLElement | null>,
  onPinch: (change: PinchChange) => void,
): void {
  const tell = useEffectEvent(onPinch);
  useEffect(() => {
    const stage = element.current;
    if (!stage) return;
    let before: Pinch | null = null;
    const read = (event: TouchEvent): Pinch | null => {
      const [first, second] = event.touches;
      if (!first || !second || event.touches.length !== 2) return null;
      const box = stage.getBoundingClientRect();
      const onStage = ({ clientX, clientY }: Touch) => ({
        x: clientX - box.left,
        y: clientY - box.top,
      });
      return readPinch(onStage(first), onStage(second));
    };
    const onTouch = (event: TouchEvent) => {
      const now = read(event);
      // Two fingers would otherwise scroll or zoom the page as well.
      if (now && event.cancelable) event.preventDefault();
      if (now && before && event.type === "touchmove") tell(pinchChange(before, now));
      before = now;
    };
    // React's own touch listeners are passive and could not keep the page where it is.
    const types = ["touchstart", "touchmove", "touchend", "touchcancel"] as const;
    for (const type of types) stage.addEventListener(type, onTouch, { passive: false });
    return () => {
      for (const type of types) stage.removeEventListener(type, onTouch);
    };
  }, [element]);
}
