import { oklchToSrgb, type Rgb } from "./oklch-to-srgb.ts";

/** Colours of the map. 256: one more would not be visible on an 8-bit screen. */
export const COLORMAP_SIZE = 256;

/**
 * Stops of the ramp "ember": share, chroma, hue. Lightness is not a stop: it rises in a straight
 * line, so that equal steps of score look equal, also to people who do not tell red from green.
 */
const STOPS = [
  [0, 0.06, 292],
  [0.25, 0.155, 318],
  [0.5, 0.18, 12],
  [0.75, 0.15, 58],
  [1, 0.115, 104],
] as const;
const LIGHTNESS = [0.2, 0.96] as const;

function colourAt(share: number): Rgb {
  const next = STOPS.findIndex(([at], index) => index > 0 && share <= at);
  const to = STOPS[next] ?? STOPS[STOPS.length - 1] ?? STOPS[4];
  const from = STOPS[next - 1] ?? to;
  const within = to[0] === from[0] ? 1 : (share - from[0]) / (to[0] - from[0]);
  // The short way round the circle: 318° to 12° passes 0°.
  const turn = ((to[2] - from[2] + 540) % 360) - 180;
  return oklchToSrgb(
    LIGHTNESS[0] + share * (LIGHTNESS[1] - LIGHTNESS[0]),
    from[1] + within * (to[1] - from[1]),
    from[2] + within * turn,
  );
}

/** The ramp as bytes, shape [256, 3], dark for low to light for high scores. */
export const COLORMAP: Uint8Array = Uint8Array.from(
  Array.from({ length: COLORMAP_SIZE }, (_, level) => colourAt(level / (COLORMAP_SIZE - 1))).flat(),
);

/** The same ramp as a CSS gradient, for legends. */
export const COLORMAP_GRADIENT = `linear-gradient(90deg, ${Array.from(
  { length: 17 },
  (_, step) => `rgb(${colourAt(step / 16).join(" ")})`,
).join(", ")})`;
