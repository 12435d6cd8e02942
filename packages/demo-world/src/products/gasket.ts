import { blobDistance, stain } from "../marks/stain.ts";
import { fibre } from "../marks/fibre.ts";
import { wanderingPath } from "../marks/wandering-path.ts";
import { fractal } from "../engine/noise.ts";
import { between, clamp01, mix, sign, smoothstep } from "../engine/numbers.ts";
import {
  boxDistance,
  circleDistance,
  locateOnPath,
  type Point,
  smoothUnion,
  startPlace,
} from "../engine/shapes.ts";
import { coat, editSurface, type Material, type Surface } from "../engine/surface.ts";
import type { Flaw, Mark, Product, Streams } from "../product.ts";
import { paintedTable } from "./painted-table.ts";

type Blob = { x: number; y: number; radius: number; raggedness: number };

type GasketDesign = {
  /** How much of the workshop's air has settled on it; 1 is usual. */
  readonly dust: number;
  /** How far the rubber lies off its drawing, in units. */
  readonly flex: number;
  readonly nicks: Blob[];
  /** Thin rubber that was squeezed out of the mould at the edge. */
  readonly flashes: Blob[];
  readonly cuts: { path: Point[]; width: number }[];
  /** Where the sealing bead is pressed flat or was not filled. */
  readonly flats: { x: number; y: number; radius: number; share: number }[];
  readonly marks: Mark[];
  readonly streams: Streams;
};

const RUBBER: Material = { red: 0.036, green: 0.036, blue: 0.038, roughness: 0.52, metal: 0 };
const FLASH: Material = { red: 0.05, green: 0.047, blue: 0.044, roughness: 0.6, metal: 0 };
const CHALK: Material = { red: 0.5, green: 0.47, blue: 0.4, roughness: 0.95, metal: 0 };
const LINT: Material = { red: 0.62, green: 0.6, blue: 0.56, roughness: 0.9, metal: 0 };
const THICKNESS = 3;
const EDGE = 1.5;
const OUTER = { x: 0, y: 0, halfWidth: 31, halfHeight: 25, radius: 22 };
const OPENING = { x: 0, y: 0, halfWidth: 22.5, halfHeight: 16.5, radius: 14 };
const BEAD = { x: 0, y: 0, halfWidth: 26.7, halfHeight: 20.7, radius: 18 };
const EARS = [
  { x: -35, y: 0, radius: 8 },
  { x: 35, y: 0, radius: 8 },
];
const BOLT_RADIUS = 3.4;

/** Signed distance to the drawing's outline, bolt holes left out. */
function outlineDistance(x: number, y: number): number {
  let outer = boxDistance(OUTER, x, y);
  for (const ear of EARS) outer = smoothUnion(outer, circleDistance(ear, x, y), 7);
  let distance = Math.max(outer, -boxDistance(OPENING, x, y));
  for (const ear of EARS) distance = Math.max(distance, BOLT_RADIUS - Math.hypot(x - ear.x, y));
  return distance;
}

/** A place on the ring: on the bead's line and the direction along it. */
function ringPlace({ random }: Flaw): { x: number; y: number; heading: number } {
  const turn = between(random, 0, 2 * Math.PI);
  const dx = Math.cos(turn);
  const dy = Math.sin(turn);
  // March outwards to the bead; the ray leaves the convex curve once.
  let reach = 10;
  while (boxDistance(BEAD, reach * dx, reach * dy) < 0) reach += 0.1;
  const x = reach * dx;
  const y = reach * dy;
  const slopeX = boxDistance(BEAD, x + 0.05, y) - boxDistance(BEAD, x - 0.05, y);
  const slopeY = boxDistance(BEAD, x, y + 0.05) - boxDistance(BEAD, x, y - 0.05);
  return { x, y, heading: Math.atan2(slopeX, -slopeY) };
}

/** A place on the outer (1) or inner (−1) edge of the ring. */
function edgePlace(flaw: Flaw, side: number): Point {
  const place = ringPlace(flaw);
  const out = { x: Math.sin(place.heading), y: -Math.cos(place.heading) };
  let { x, y } = place;
  while (outlineDistance(x, y) < 0 && Math.hypot(x, y) < 60) {
    x += 0.1 * side * out.x;
    y += 0.1 * side * out.y;
  }
  return { x, y };
}

function spoilWithCut(plan: GasketDesign, flaw: Flaw): void {
  const { random, severity } = flaw;
  const place = ringPlace(flaw);
  const across = place.heading + Math.PI / 2 + between(random, -0.5, 0.5);
  const length = mix(3.5, 11, severity);
  const path = wanderingPath(
    random,
    {
      x: place.x - (length / 2) * Math.cos(across),
      y: place.y - (length / 2) * Math.sin(across),
    },
    { length, heading: across, bend: 0.7 },
  );
  plan.cuts.push({ path, width: mix(0.16, 0.75, severity) });
}

function spoilWithNick(plan: GasketDesign, flaw: Flaw): void {
  const { random, severity } = flaw;
  const radius = mix(0.9, 3.4, severity) * between(random, 0.85, 1.15);
  plan.nicks.push({ ...edgePlace(flaw, sign(random)), radius, raggedness: 0.4 });
}

function spoilWithFlash(plan: GasketDesign, flaw: Flaw): void {
  const { random, severity } = flaw;
  const side = sign(random);
  const place = edgePlace(flaw, side);
  const radius = mix(1.2, 4.2, severity) * between(random, 0.85, 1.15);
  plan.flashes.push({ ...place, radius, raggedness: 0.5 });
}

function spoilWithContamination(plan: GasketDesign, flaw: Flaw): void {
  const { random, severity } = flaw;
  const place = ringPlace(flaw);
  if (random.uniform() < 0.45) {
    const path = wanderingPath(random, place, {
      length: mix(4, 13, severity),
      heading: place.heading + between(random, -0.6, 0.6),
      bend: 4,
    });
    plan.marks.push(fibre({ path, radius: mix(0.13, 0.26, severity), material: LINT, lift: 0.3 }));
    return;
  }
  const specks = 1 + Math.round(5 * severity * random.uniform());
  for (let speck = 0; speck < specks; speck++) {
    plan.marks.push(
      stain(
        {
          x: place.x + speck * between(random, -1.6, 1.6),
          y: place.y + speck * between(random, -1.6, 1.6),
          radius: mix(0.6, 2.2, severity) * (speck === 0 ? 1 : between(random, 0.2, 0.6)),
          raggedness: 0.6,
          material: CHALK,
          opacity: mix(0.15, 0.6, severity),
          softness: 0.3,
          ring: 0,
          thickness: 0.1,
          floor: 1,
        },
        plan.streams.noise(`speck ${speck}`),
      ),
    );
  }
}

function spoilBead(plan: GasketDesign, flaw: Flaw): void {
  const { random, severity } = flaw;
  plan.flats.push({
    ...ringPlace(flaw),
    radius: mix(2, 6.5, severity) * between(random, 0.85, 1.15),
    share: mix(0.85, 1.25, severity),
  });
}

function mould(plan: GasketDesign, surface: Surface): void {
  const flex = plan.streams.noise("flex");
  const grain = plan.streams.noise("grain");
  const tear = plan.streams.noise("tear");
  const soft = surface.step;
  const place = startPlace();
  editSurface(surface, null, (point) => {
    const { x, y } = point;
    const px = x + plan.flex * flex(x * 0.028, y * 0.028);
    const py = y + plan.flex * flex(x * 0.028 + 33, y * 0.028);
    const drawn = outlineDistance(px, py);
    if (drawn > 7) return;
    let distance = drawn;
    for (const nick of plan.nicks) {
      distance = Math.max(distance, -blobDistance(tear, nick, { x: px, y: py }));
    }
    for (const cut of plan.cuts) {
      place.x = px;
      place.y = py;
      locateOnPath(cut.path, place);
      const open = cut.width * Math.sin(Math.PI * Math.min(1, 0.08 + 0.92 * place.along));
      distance = Math.max(distance, open - place.distance);
    }

    let thin = Number.POSITIVE_INFINITY;
    for (const flash of plan.flashes) {
      thin = Math.min(thin, blobDistance(tear, flash, { x: px, y: py }));
    }
    const fin = clamp01(0.5 - thin / soft);
    if (fin > 0) {
      coat(point, FLASH, fin);
      point.height = Math.max(point.height, 0.7 * fin);
      point.tiltX = 0.1 * grain(x * 1.7, y * 1.7);
    }

    const cover = clamp01(0.5 - distance / soft);
    if (cover <= 0) return;
    const grainX = grain(x * 2.2, y * 2.2);
    const grainY = grain(x * 2.2 + 71, y * 2.2 + 5);
    const bloom = fractal(flex, x * 0.11 + 50, y * 0.11);
    coat(point, RUBBER, cover);
    point.red *= 1 + 0.25 * bloom;
    point.green *= 1 + 0.25 * bloom;
    point.blue *= 1 + 0.25 * bloom;
    point.roughness += 0.07 * bloom;
    const dust = Math.max(0, grain(x * 1.15 + 40, y * 1.15) - 0.66) * plan.dust;
    coat(point, LINT, dust * cover);
    point.tiltX = 0.075 * grainX;
    point.tiltY = 0.075 * grainY;

    const inwards = clamp01(-distance / EDGE);
    const rounded = Math.sqrt(1 - (1 - inwards) ** 2);
    const bead = boxDistance(BEAD, px, py);
    let crown = 1;
    for (const flat of plan.flats) {
      const away = Math.hypot(px - flat.x, py - flat.y);
      crown *= 1 - flat.share * smoothstep(flat.radius, 0.75 * flat.radius, away);
    }
    const line = Math.exp(-((bead / 0.75) ** 2));
    const groove = Math.exp(-(((Math.abs(bead) - 1.7) / 0.5) ** 2));
    const profile = THICKNESS - EDGE + EDGE * rounded + crown * (0.9 * line - 0.3 * groove);
    point.height = Math.max(point.height, profile * cover);
  });
}

export const gasket: Product<GasketDesign> = {
  name: "gasket",
  poses: { turn: 0.14, shift: 2, zoom: 0.025, scale: 1.05 },
  light: {
    azimuth: -0.9,
    elevation: 0.7,
    distance: 150,
    power: 0.8,
    softness: 0.45,
    ambient: 0.36,
    lobes: [
      { azimuth: -2.4, elevation: 0.95, sharpness: 10, radiance: 3.2 },
      { azimuth: 1.1, elevation: 0.7, sharpness: 12, radiance: 1.6 },
    ],
  },
  exposure: 1.05,
  design(streams) {
    const random = streams.random("gasket");
    return {
      flex: between(random, 0.6, 1.6),
      dust: between(random, 0.2, 0.9),
      nicks: [],
      flashes: [],
      cuts: [],
      flats: [],
      marks: [],
      streams,
    };
  },
  flaws: {
    cut: spoilWithCut,
    nick: spoilWithNick,
    flash: spoilWithFlash,
    contamination: spoilWithContamination,
    flat_bead: spoilBead,
  },
  paint(surface, plan, streams) {
    paintedTable(surface, streams);
    mould(plan, surface);
    for (const mark of plan.marks) mark(surface);
  },
};
