"use client";

import { useEffect, useEffectEvent } from "react";

/** Places where a key belongs to what is focused: typing, and whatever floats above the page. */
const KEYS_ELSEWHERE =
  "input:not([type=range]):not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true], " +
  "[role=dialog], [role=alertdialog], [role=menu], [data-own-keys]";

/** Keys by `KeyboardEvent.key` in lower case. The handler's key press goes no further. */
export type Hotkeys = Readonly<Record<string, () => void>>;

/**
 * Run page-wide single-key shortcuts.
 *
 * Silent while the person types, while a dialog or menu is open, and with Ctrl, Alt or Meta held.
 * A focused button keeps Enter and Space for itself.
 */
export function useHotkeys(hotkeys: Hotkeys, isEnabled: boolean): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest(KEYS_ELSEWHERE)) return;
    const key = event.key.toLowerCase();
    if ((key === "enter" || key === " ") && target?.closest("button, a, summary")) return;
    const handler = hotkeys[key];
    if (!handler) return;
    event.preventDefault();
    handler();
  });

  useEffect(() => {
    if (!isEnabled) return;
    const listener = (event: KeyboardEvent) => onKeyDown(event);
    window.addEventListener("keydown", listener);
    return () => window.removeEventListener("keydown", listener);
  }, [isEnabled]);
}
