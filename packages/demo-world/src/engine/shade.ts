import { blur } from "./blur.ts";
import type { Light, Lobe } from "./light.ts";
import { castShadows, occludeAmbient } from "./shadow.ts";
import { FRAME, type Surface } from "./surface.ts";

/** Light that reaches the lens: linear, three planes of [size, size]. */
export type Radiance = {
  readonly red: Float32Array;
  readonly green: Float32Array;
  readonly blue: Float32Array;
};

/** Lens distance in units: a 35 mm lens a good two frame widths away. */
const LENS_DISTANCE = 230;
/** Reflectance of plastics, lacquers and rubber at normal incidence (refractive index 1.5). */
const INSULATOR_REFLECTANCE = 0.04;
/** Light that enters insulators leaves a little sideways; wraps the Lambert term round edges. */
const WRAP = 0.12;
/** Steeper slopes than about 60 degrees are seen from above as edges, not as faces. */
const SLOPE_LIMIT = 1.8;

/** The main lamp as reflections see it. */
function lampLobe(light: Light): Lobe {
  const distance = Math.hypot(light.x, light.y, light.z);
  return {
    x: light.x / distance,
    y: light.y / distance,
    z: light.z / distance,
    sharpness: 60 / (0.15 + light.softness),
    radiance: light.power * (2.2 / (0.15 + light.softness)),
  };
}

const limitSlope = (slope: number): number => slope / (1 + Math.abs(slope) / SLOPE_LIMIT);

/**
 * Light that a surface sends to the lens: Lambert under a near lamp with soft shadows, ambient
 * light with occlusion, and Fresnel reflections of spherical Gaussian lamps widened by roughness.
 */
export function shade(surface: Surface, light: Light): Radiance {
  const { size, step, height } = surface;
  const shadows = castShadows(surface, light);
  const occlusion = occludeAmbient(surface);
  const lamp = lampLobe(light);
  const lobes = [lamp, ...light.lobes];
  const lampSquare = light.x ** 2 + light.y ** 2 + light.z ** 2;
  const cos = Math.cos(surface.pose.angle);
  const sin = Math.sin(surface.pose.angle);
  const out: Radiance = {
    red: new Float32Array(size * size),
    green: new Float32Array(size * size),
    blue: new Float32Array(size * size),
  };

  for (let row = 0; row < size; row++) {
    const y = (row + 0.5) * step - FRAME / 2;
    const above = row > 0 ? -size : 0;
    const below = row < size - 1 ? size : 0;
    for (let column = 0; column < size; column++) {
      const i = row * size + column;
      const x = (column + 0.5) * step - FRAME / 2;
      const left = column > 0 ? -1 : 0;
      const right = column < size - 1 ? 1 : 0;
      const tiltX = surface.tiltX[i] ?? 0;
      const tiltY = surface.tiltY[i] ?? 0;
      const rise = ((height[i + right] ?? 0) - (height[i + left] ?? 0)) / (2 * step);
      const fall = ((height[i + below] ?? 0) - (height[i + above] ?? 0)) / (2 * step);
      const slopeX = limitSlope(rise) + cos * tiltX - sin * tiltY;
      const slopeY = limitSlope(fall) + sin * tiltX + cos * tiltY;
      const long = 1 / Math.sqrt(slopeX * slopeX + slopeY * slopeY + 1);
      const nx = -slopeX * long;
      const ny = -slopeY * long;
      const nz = long;

      const seen = shadows[i] ?? 1;
      const open = occlusion[i] ?? 1;
      const toLampX = light.x - x;
      const toLampY = light.y - y;
      const toLampZ = light.z;
      const square = toLampX * toLampX + toLampY * toLampY + toLampZ * toLampZ;
      const facing = (nx * toLampX + ny * toLampY + nz * toLampZ) / Math.sqrt(square);
      const lambert = facing > -WRAP ? (facing + WRAP) / (1 + WRAP) : 0;
      const direct = (light.power * lambert * seen * lampSquare) / square;
      const diffuse = direct + light.ambient * open * (0.75 + 0.25 * nz - 0.12 * ny);

      const back = 1 / Math.sqrt(x * x + y * y + LENS_DISTANCE * LENS_DISTANCE);
      const vx = -x * back;
      const vy = -y * back;
      const vz = LENS_DISTANCE * back;
      const towards = Math.max(0, nx * vx + ny * vy + nz * vz);
      const rx = 2 * towards * nx - vx;
      const ry = 2 * towards * ny - vy;
      const rz = 2 * towards * nz - vz;

      const roughness = surface.roughness[i] ?? 1;
      const spread = 2 / (roughness ** 4 + 1e-3);
      let mirrored = light.ambient * open * (0.55 + 0.3 * rz - 0.15 * ry);
      for (const lobe of lobes) {
        const sharpness = (lobe.sharpness * spread) / (lobe.sharpness + spread);
        const toward = rx * lobe.x + ry * lobe.y + rz * lobe.z - 1;
        const exponent = sharpness * toward;
        if (exponent < -12) continue;
        const visible = lobe === lamp ? seen : (0.35 + 0.65 * open) * (0.55 + 0.45 * seen);
        mirrored += lobe.radiance * (sharpness / lobe.sharpness) * Math.exp(exponent) * visible;
      }

      const metal = surface.metal[i] ?? 0;
      const grazing = (1 - towards) ** 5 * (1 - 0.8 * roughness);
      const body = (1 - metal) * diffuse;
      const insulator = INSULATOR_REFLECTANCE * (1 - metal);
      const red = surface.red[i] ?? 0;
      const green = surface.green[i] ?? 0;
      const blue = surface.blue[i] ?? 0;
      const redFace = insulator + metal * red;
      const greenFace = insulator + metal * green;
      const blueFace = insulator + metal * blue;
      out.red[i] = red * body + (redFace + (1 - redFace) * grazing) * mirrored;
      out.green[i] = green * body + (greenFace + (1 - greenFace) * grazing) * mirrored;
      out.blue[i] = blue * body + (blueFace + (1 - blueFace) * grazing) * mirrored;
    }
  }
  return out;
}

/** Blur all three planes: a lens out of focus by `sigma` pixels. */
export function defocus(radiance: Radiance, size: number, sigma: number): Radiance {
  return {
    red: blur(radiance.red, size, sigma),
    green: blur(radiance.green, size, sigma),
    blue: blur(radiance.blue, size, sigma),
  };
}
