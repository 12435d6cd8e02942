/** A colour as 8-bit sRGB. */
export type Rgb = readonly [red: number, green: number, blue: number];

function encode(linear: number): number {
  const clipped = Math.min(1, Math.max(0, linear));
  const value = clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055;
  return Math.round(255 * value);
}

/**
 * An oklch colour in sRGB, clipped to what a screen shows.
 *
 * Ottosson 2020, "A perceptual color space for image processing": polar → Lab → cone responses
 * (cubed) → linear sRGB → transfer function.
 *
 * @param lightness 0 to 1
 * @param chroma 0 to about 0.37
 * @param hue degrees
 */
export function oklchToSrgb(lightness: number, chroma: number, hue: number): Rgb {
  const angle = (hue * Math.PI) / 180;
  const a = chroma * Math.cos(angle);
  const b = chroma * Math.sin(angle);
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    encode(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
    encode(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
    encode(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
  ];
}
