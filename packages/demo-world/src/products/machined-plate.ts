import { blobDistance, stain } from "../marks/stain.ts";
import { dent } from "../marks/dent.ts";
import { fibre } from "../marks/fibre.ts";
import { scratch } from "../marks/scratch.ts";
import { wanderingPath } from "../marks/wandering-path.ts";
import { fractal } from "../engine/noise.ts";
import { between, clamp01, mix, pick, sign, smoothstep } from "../engine/numbers.ts";
import { around, type Box, boxDistance, type Circle } from "../engine/shapes.ts";
import { coat, editSurface, type Material, type Surface, tone } from "../engine/surface.ts";
import type { Flaw, Mark, Product, Streams } from "../product.ts";
import { rubberMat } from "./rubber-mat.ts";

/** A drilled hole: radius of the bore, of its countersink, and whether it was drilled. */
type Hole = Circle & { readonly sink: number; drilled: boolean };

type Chip = { x: number; y: number; radius: number; raggedness: number };

type PlateDesign = {
  readonly body: Box;
  readonly slot: Box;
  readonly holes: Hole[];
  readonly chips: Chip[];
  readonly marks: Mark[];
  /** Dots of the part's dot-peened code, row by row. */
  readonly code: readonly boolean[];
  readonly streams: Streams;
};

const THICKNESS = 3.2;
const CHAMFER = 0.9;
const STEEL: Material = { red: 0.6, green: 0.585, blue: 0.57, roughness: 0.4, metal: 1 };
const BARE: Material = { red: 0.82, green: 0.81, blue: 0.8, roughness: 0.3, metal: 1 };
const FRACTURE: Material = { red: 0.33, green: 0.32, blue: 0.32, roughness: 0.75, metal: 0.8 };
const OIL: Material = { red: 0.055, green: 0.035, blue: 0.018, roughness: 0.25, metal: 0.15 };
const CODE_ROWS = 9;
const CODE_PITCH = 0.92;
const CODE_AT = { x: -12.5, y: 19.6 };

function design(streams: Streams): PlateDesign {
  const random = streams.random("plate");
  const drift = (): number => between(random, -0.18, 0.18);
  const hole = (x: number, y: number, radius: number): Hole => ({
    x: x + drift(),
    y: y + drift(),
    radius,
    sink: radius > 3 ? radius + 1.7 : radius + 0.5,
    drilled: true,
  });
  return {
    body: { x: 0, y: 0, halfWidth: 39, halfHeight: 27, radius: 4 },
    slot: { x: -23 + drift(), y: drift(), halfWidth: 2.6, halfHeight: 8.5, radius: 2.6 },
    holes: [
      hole(-31.5, -19.5, 3.6),
      hole(31.5, -19.5, 3.6),
      hole(-31.5, 19.5, 3.6),
      hole(31.5, 19.5, 3.6),
      hole(0, 0, 9),
      hole(21, -9, 1.9),
      hole(21, 0, 1.9),
      hole(21, 9, 1.9),
    ],
    chips: [],
    marks: [],
    code: Array.from({ length: CODE_ROWS ** 2 }, (_, k) => {
      const row = Math.floor(k / CODE_ROWS);
      const column = k % CODE_ROWS;
      // A data matrix has two solid sides and two dotted ones.
      if (column === 0 || row === CODE_ROWS - 1) return true;
      if (row === 0) return column % 2 === 0;
      if (column === CODE_ROWS - 1) return row % 2 === 0;
      return random.uniform() < 0.5;
    }),
    streams,
  };
}

/** A place on the face that is clear of the holes. */
function facePlace(plan: PlateDesign, { random }: Flaw, margin: number): { x: number; y: number } {
  for (let attempt = 0; attempt < 40; attempt++) {
    const x = between(random, -36 + margin, 36 - margin);
    const y = between(random, -24 + margin, 24 - margin);
    const isClear =
      boxDistance(plan.slot, x, y) > margin &&
      plan.holes.every((hole) => Math.hypot(x - hole.x, y - hole.y) > hole.sink + margin);
    if (isClear) return { x, y };
  }
  return { x: 10.5, y: 18 };
}

function spoilWithScratch(plan: PlateDesign, flaw: Flaw): void {
  const { random, severity } = flaw;
  const heading = between(random, 0, 2 * Math.PI);
  const strokes = severity > 0.75 ? 3 : severity > 0.45 && random.uniform() < 0.5 ? 2 : 1;
  const start = facePlace(plan, flaw, 1);
  for (let stroke = 0; stroke < strokes; stroke++) {
    const from = {
      x: start.x + stroke * between(random, -2.5, 2.5),
      y: start.y + stroke * between(random, -2.5, 2.5),
    };
    const path = wanderingPath(random, from, {
      length: mix(7, 32, severity) * between(random, 0.7, 1.2),
      heading: heading + between(random, -0.12, 0.12),
      bend: 0.5,
    });
    const isInside = path.every(({ x, y }) => boxDistance(plan.body, x, y) < -1.5);
    if (!isInside && stroke > 0) continue;
    plan.marks.push(
      scratch(
        {
          path: path.filter(({ x, y }) => boxDistance(plan.body, x, y) < -1),
          width: mix(0.16, 0.42, severity) * between(random, 0.8, 1.2),
          depth: mix(0.08, 0.3, severity),
          bare: BARE,
          opacity: mix(0.35, 0.9, severity),
          floor: 1.6,
        },
        plan.streams.noise("scratch"),
      ),
    );
  }
}

function spoilWithDent(plan: PlateDesign, flaw: Flaw): void {
  const { random, severity } = flaw;
  const radius = mix(1, 3.6, severity) * between(random, 0.85, 1.15);
  plan.marks.push(
    dent({
      ...facePlace(plan, flaw, radius),
      radius,
      depth: radius * mix(0.1, 0.24, severity),
      aspect: between(random, 1, 1.8),
      angle: between(random, 0, Math.PI),
    }),
  );
}

function spoilWithContamination(plan: PlateDesign, flaw: Flaw): void {
  const { random, severity } = flaw;
  if (random.uniform() < 0.4) {
    const curl = wanderingPath(random, facePlace(plan, flaw, 1.5), {
      length: mix(4, 15, severity),
      heading: between(random, 0, 2 * Math.PI),
      bend: 9 * sign(random),
    });
    plan.marks.push(
      fibre({ path: curl, radius: mix(0.22, 0.5, severity), material: BARE, lift: 0.5 }),
    );
    return;
  }
  const drops = severity > 0.6 ? 3 : 1;
  const place = facePlace(plan, flaw, 2);
  for (let drop = 0; drop < drops; drop++) {
    plan.marks.push(
      stain(
        {
          x: place.x + drop * between(random, -3, 3),
          y: place.y + drop * between(random, -3, 3),
          radius: mix(1.2, 5, severity) * (drop === 0 ? 1 : between(random, 0.2, 0.5)),
          raggedness: between(random, 0.15, 0.6),
          material: OIL,
          opacity: mix(0.16, 0.72, severity),
          softness: 0.18,
          ring: mix(0.05, 0.25, severity),
          thickness: 0.05,
          floor: 1.6,
        },
        plan.streams.noise(`drop ${drop}`),
      ),
    );
  }
}

function spoilWithMissingHole(plan: PlateDesign, { random, severity }: Flaw): void {
  // The tapped holes are the small and easily missed ones.
  const choices = plan.holes.filter(
    (hole) => hole.radius < 8 && hole.radius > 3 === severity > 0.5,
  );
  pick(random, choices).drilled = false;
}

function spoilEdge(plan: PlateDesign, { random, severity }: Flaw): void {
  const radius = mix(1.1, 5, severity) * between(random, 0.85, 1.2);
  const onLongSide = random.uniform() < 0.6;
  const side = sign(random);
  const { halfWidth, halfHeight } = plan.body;
  const along = between(random, -0.8, 0.8);
  plan.chips.push({
    x: onLongSide ? along * halfWidth : side * (halfWidth + 0.2 * radius),
    y: onLongSide ? side * (halfHeight + 0.2 * radius) : along * halfHeight,
    radius,
    raggedness: 0.55,
  });
}

/** Turning marks run round the bore, milling marks along the plate. */
function finish(plan: PlateDesign, surface: Surface): void {
  const grain = plan.streams.noise("grain");
  const wear = plan.streams.noise("wear");
  const fracture = plan.streams.noise("fracture");
  const bore = plan.holes[4] ?? { x: 0, y: 0, radius: 9, sink: 11 };
  const soft = surface.step;
  editSurface(surface, null, (point) => {
    const { x, y } = point;
    let distance = boxDistance(plan.body, x, y);
    if (distance > 3) return;
    for (const chip of plan.chips) {
      if (Math.hypot(x - chip.x, y - chip.y) > 2.5 * chip.radius) continue;
      distance = Math.max(distance, -blobDistance(fracture, chip, { x, y }));
    }
    const outline = distance;
    let sink = 0;
    let ring = 0;
    for (const hole of plan.holes) {
      if (!hole.drilled) continue;
      const away = Math.hypot(x - hole.x, y - hole.y);
      distance = Math.max(distance, hole.radius - away);
      sink = Math.max(sink, Math.min(hole.sink - away, hole.sink - hole.radius));
      ring = Math.max(ring, Math.exp(-((away - hole.sink - 0.5) ** 2) * 3));
    }
    distance = Math.max(distance, -boxDistance(plan.slot, x, y));
    const cover = clamp01(0.5 - distance / soft);
    if (cover <= 0) return;

    const fromBore = Math.hypot(x - bore.x, y - bore.y);
    const turned = smoothstep(16.5, 15.5, fromBore);
    const u = turned > 0.5 ? Math.atan2(y - bore.y, x - bore.x) * 1.2 : x * 0.035;
    const v = turned > 0.5 ? fromBore * 3.1 : y * 2.6;
    const streak = 0.6 * grain(u, v) + 0.5 * grain(u * 2.3 + 9, v * 2.7);
    const cloud = fractal(wear, x * 0.05, y * 0.05);
    coat(point, STEEL, cover);
    tone(point, 1 + 0.05 * streak + 0.07 * cloud - 0.12 * ring);
    point.roughness += 0.05 * cloud + 0.04 * streak;
    const across = 0.085 * streak;
    const radial = turned > 0.5 && fromBore > 0.1;
    point.tiltX = radial ? (across * (x - bore.x)) / fromBore : 0.2 * across;
    point.tiltY = radial ? (across * (y - bore.y)) / fromBore : across;

    const edge = Math.min(CHAMFER, Math.max(0, -outline));
    const step = 0.25 * smoothstep(15.6, 16.2, fromBore);
    point.height = (THICKNESS - CHAMFER + edge - 0.95 * Math.max(0, sink) + step) * cover;
    for (const chip of plan.chips) {
      if (Math.hypot(x - chip.x, y - chip.y) > 2.5 * chip.radius) continue;
      const broken = blobDistance(fracture, { ...chip, radius: 1.22 * chip.radius }, { x, y });
      const torn = smoothstep(0.25, -0.25, broken);
      coat(point, FRACTURE, torn * cover);
      point.height -= torn * cover * (0.5 + 0.5 * fractal(grain, x * 1.3, y * 1.3));
    }
  });
}

/** Dots of the code: pressed with a punch, so they are small dents. */
function peen(plan: PlateDesign, surface: Surface): void {
  const half = ((CODE_ROWS - 1) / 2) * CODE_PITCH;
  editSurface(surface, around(CODE_AT, half + 1), (point) => {
    const { x, y } = point;
    const u = (x - CODE_AT.x + half) / CODE_PITCH;
    const v = (y - CODE_AT.y + half) / CODE_PITCH;
    const column = Math.round(u);
    const row = Math.round(v);
    if (column < 0 || row < 0 || column >= CODE_ROWS || row >= CODE_ROWS) return;
    if (plan.code[row * CODE_ROWS + column] !== true) return;
    const hollow = Math.exp(-((u - column) ** 2 + (v - row) ** 2) / 0.09);
    point.height -= 0.22 * hollow;
    tone(point, 1 - 0.3 * hollow);
  });
}

export const machinedPlate: Product<PlateDesign> = {
  name: "machined_plate",
  poses: { turn: 0.06, shift: 1.6, zoom: 0.025, scale: 1.13 },
  light: {
    azimuth: -2.1,
    elevation: 0.85,
    distance: 170,
    power: 0.85,
    softness: 0.6,
    ambient: 0.42,
    lobes: [
      { azimuth: -1.2, elevation: 1.36, sharpness: 26, radiance: 0.95 },
      { azimuth: 1.9, elevation: 0.9, sharpness: 9, radiance: 0.25 },
    ],
  },
  exposure: 0.8,
  design,
  flaws: {
    scratch: spoilWithScratch,
    dent: spoilWithDent,
    contamination: spoilWithContamination,
    missing_hole: spoilWithMissingHole,
    broken_edge: spoilEdge,
  },
  paint(surface, plan, streams) {
    rubberMat(surface, streams);
    finish(plan, surface);
    peen(plan, surface);
    for (const mark of plan.marks) mark(surface);
  },
};
