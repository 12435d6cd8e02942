"use client";

import { useMemo, useSyncExternalStore } from "react";

const NAMES = [
  "ink",
  "ink-2",
  "ink-3",
  "line",
  "panel",
  "accent",
  "good",
  "defect",
  "warn",
  "series-1",
  "series-2",
  "series-3",
  "series-4",
  "series-5",
  "series-6",
] as const;
type ColourName = (typeof NAMES)[number];
export type ThemeColours = Readonly<Record<ColourName, string>>;

let known: string | null = null;

function subscribe(onChange: () => void): () => void {
  const listener = () => {
    known = null;
    onChange();
  };
  // Nobody watched until now: the theme may have changed since the colours were read.
  known = null;
  const media = window.matchMedia("(prefers-color-scheme: dark)");
  media.addEventListener("change", listener);
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => {
    media.removeEventListener("change", listener);
    observer.disconnect();
  };
}

/** `light-dark()` in a custom property is only resolved where it is used as a colour. */
function resolve(name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

/** One text, so that React sees by identity whether a colour has changed. */
const readAll = (): string => (known ??= NAMES.map(resolve).join("|"));

/** The theme's colours as a canvas understands them, kept up to date. */
export function useThemeColours(): ThemeColours {
  const all = useSyncExternalStore(subscribe, readAll, () => NAMES.map(() => "gray").join("|"));
  return useMemo(() => {
    const colours = all.split("|");
    const named = NAMES.map((name, index) => [name, colours[index] ?? "gray"] as const);
    return Object.fromEntries(named) as Record<ColourName, string>;
  }, [all]);
}
