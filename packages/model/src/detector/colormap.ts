/** Colours of the ramp. 256: one more would not be visible on an 8-bit screen. */
export const COLORMAP_SIZE = 256;

/** Share, chroma and hue of the ramp's stops in OKLCH; the browser's legend shows the same ramp. */
const STOPS: readonly { share: number; chroma: number; hue: number }[] = [
  { share: 0, chroma: 0.06, hue: 292 },
  { share: 0.25, chroma: 0.155, hue: 318 },
  { share: 0.5, chroma: 0.18, hue: 372 },
  { share: 0.75, chroma: 0.15, hue: 418 },
  { share: 1, chroma: 0.115, hue: 464 },
];
const DARKEST = 0.2;
const LIGHTEST = 0.96;

function gammaByte(linear: number): number {
  const share = Math.min(1, Math.max(0, linear));
  const encoded = share <= 0.0031308 ? 12.92 * share : 1.055 * share ** (1 / 2.4) - 0.055;
  return Math.round(255 * encoded);
}

/** OKLab (Ottosson 2020) as sRGB bytes, clipped to the gamut. */
function oklabToRgb(lightness: number, a: number, b: number): [number, number, number] {
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    gammaByte(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
    gammaByte(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
    gammaByte(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
  ];
}

function colourAt(share: number): [number, number, number] {
  const next = STOPS.findIndex((stop) => share <= stop.share);
  const to = STOPS[Math.max(next, 1)] ?? { share: 1, chroma: 0, hue: 0 };
  const from = STOPS[Math.max(next, 1) - 1] ?? to;
  const within = (share - from.share) / (to.share - from.share);
  const chroma = from.chroma + within * (to.chroma - from.chroma);
  const hue = ((from.hue + within * (to.hue - from.hue)) * Math.PI) / 180;
  const lightness = DARKEST + share * (LIGHTEST - DARKEST);
  return oklabToRgb(lightness, chroma * Math.cos(hue), chroma * Math.sin(hue));
}

/**
 * Dark for low to light for high scores, sRGB bytes, shape [256, 3].
 *
 * Lightness rises in a straight line, so equal steps of score look equal, also to people who do
 * not tell red from green.
 */
export const COLORMAP: Uint8Array = Uint8Array.from(
  Array.from({ length: COLORMAP_SIZE }, (_, level) => colourAt(level / (COLORMAP_SIZE - 1))).flat(),
);
