import { blobDistance, stain } from "../marks/stain.ts";
import { scratch } from "../marks/scratch.ts";
import { wanderingPath } from "../marks/wandering-path.ts";
import { ADVANCE, inkAt, LETTER_ROWS } from "../engine/lettering.ts";
import { fractal } from "../engine/noise.ts";
import { between, clamp01, mix, pick, smoothstep } from "../engine/numbers.ts";
import { locateOnPath, type Point, startPlace } from "../engine/shapes.ts";
import { coat, editSurface, type Material, type Surface, tone } from "../engine/surface.ts";
import type { Flaw, Mark, Product, Streams } from "../product.ts";
import { steelBelt } from "./steel-belt.ts";

type CapDesign = {
  /** Turn of the cap in radians; the line's orienter leaves a few degrees either way. */
  readonly turn: number;
  readonly cracks: { path: Point[]; width: number }[];
  /** Where the mould was not filled. */
  readonly shorts: { x: number; y: number; radius: number; raggedness: number }[];
  /** Where the pad did not print. */
  readonly voids: { x: number; y: number; radius: number; raggedness: number }[];
  /** How far the print lies off the cap's centre, in units. */
  printX: number;
  printY: number;
  /** Share of the ink that the pad left. */
  ink: number;
  readonly marks: Mark[];
  readonly streams: Streams;
};

const RADIUS = 36;
const RIB_COUNT = 80;
const HEIGHT = 8;
const PLASTIC: Material = { red: 0.5, green: 0.035, blue: 0.028, roughness: 0.3, metal: 0 };
const PRINT: Material = { red: 0.78, green: 0.77, blue: 0.74, roughness: 0.42, metal: 0 };
const WHITENED: Material = { red: 0.74, green: 0.42, blue: 0.4, roughness: 0.7, metal: 0 };
const CLEFT: Material = { red: 0.06, green: 0.01, blue: 0.01, roughness: 0.8, metal: 0 };
const SPOTS: readonly Material[] = [
  { red: 0.02, green: 0.014, blue: 0.012, roughness: 0.4, metal: 0 },
  { red: 0.2, green: 0.03, blue: 0.02, roughness: 0.35, metal: 0 },
  { red: 0.62, green: 0.3, blue: 0.06, roughness: 0.35, metal: 0 },
];
const LEGEND = "SPRING WATER";
const LEGEND_RADIUS = 17.6;
const LETTER_HEIGHT = 3.6;

function design(streams: Streams): CapDesign {
  const random = streams.random("cap");
  return {
    turn: between(random, -0.22, 0.22),
    cracks: [],
    shorts: [],
    voids: [],
    printX: between(random, -0.3, 0.3),
    printY: between(random, -0.3, 0.3),
    ink: between(random, 0.93, 1),
    marks: [],
    streams,
  };
}

const polar = (radius: number, angle: number): Point => ({
  x: radius * Math.cos(angle),
  y: radius * Math.sin(angle),
});

function spoilWithCrack(plan: CapDesign, { random, severity }: Flaw): void {
  const angle = between(random, 0, 2 * Math.PI);
  const path = wanderingPath(random, polar(RADIUS + 0.6, angle), {
    length: mix(6, 24, severity),
    heading: angle + Math.PI + between(random, -0.35, 0.35),
    bend: 1.2,
  }).map(({ x, y }) => ({
    x: x + between(random, -0.25, 0.25),
    y: y + between(random, -0.25, 0.25),
  }));
  plan.cracks.push({ path, width: mix(0.16, 0.55, severity) });
}

function spoilWithShort(plan: CapDesign, { random, severity }: Flaw): void {
  const radius = mix(1.5, 7, severity) * between(random, 0.85, 1.15);
  const place = polar(RADIUS + 0.45 * radius, between(random, 0, 2 * Math.PI));
  plan.shorts.push({ ...place, radius, raggedness: 0.3 });
}

function spoilWithSpot(plan: CapDesign, { random, severity }: Flaw): void {
  const place = polar(30 * Math.sqrt(random.uniform()), between(random, 0, 2 * Math.PI));
  const specks = 1 + Math.floor(3 * severity * random.uniform());
  const material = pick(random, SPOTS);
  for (let speck = 0; speck < specks; speck++) {
    plan.marks.push(
      stain(
        {
          x: place.x + speck * between(random, -2.5, 2.5),
          y: place.y + speck * between(random, -2.5, 2.5),
          radius: mix(0.7, 3, severity) * (speck === 0 ? 1 : between(random, 0.3, 0.7)),
          raggedness: between(random, 0.15, 0.5),
          material,
          opacity: mix(0.55, 0.9, severity),
          softness: between(random, 0.1, 0.4),
          ring: 0,
          thickness: 0,
          floor: 2,
        },
        plan.streams.noise(`spot ${speck}`),
      ),
    );
  }
}

function spoilWithScratch(plan: CapDesign, { random, severity }: Flaw): void {
  const strokes = severity > 0.7 ? 3 : 1;
  const heading = between(random, 0, 2 * Math.PI);
  const middle = polar(20 * Math.sqrt(random.uniform()), between(random, 0, 2 * Math.PI));
  for (let stroke = 0; stroke < strokes; stroke++) {
    const length = mix(7, 26, severity) * between(random, 0.7, 1.1);
    const start = {
      x: middle.x - (length / 2) * Math.cos(heading) + stroke * between(random, -2, 2),
      y: middle.y - (length / 2) * Math.sin(heading) + stroke * between(random, -2, 2),
    };
    const path = wanderingPath(random, start, { length, heading, bend: 0.6 });
    plan.marks.push(
      scratch(
        {
          path,
          width: mix(0.2, 0.45, severity),
          depth: mix(0.08, 0.22, severity),
          bare: WHITENED,
          opacity: mix(0.45, 0.9, severity),
          floor: 5,
        },
        plan.streams.noise("scratch"),
      ),
    );
  }
}

function spoilPrint(plan: CapDesign, { random, severity }: Flaw): void {
  if (random.uniform() < 0.35) {
    const off = polar(mix(1.8, 4.5, severity), between(random, 0, 2 * Math.PI));
    plan.printX += off.x;
    plan.printY += off.y;
    return;
  }
  const place = polar(LEGEND_RADIUS * between(random, 0.8, 1.1), between(random, 0, 2 * Math.PI));
  plan.voids.push({ ...place, radius: mix(2.4, 8.5, severity), raggedness: 0.7 });
}

/** Ink of the drawing: a ring, a legend round it twice, and a drop over two waves. */
function inkOfPrint(x: number, y: number, soft: number): number {
  const radius = Math.hypot(x, y);
  if (radius > 23.5) return 0;
  const cut = (distance: number): number => clamp01(0.5 - distance / soft);
  let ink = cut(Math.abs(radius - 22.4) - 0.45);
  if (radius > 14) {
    const arc = Math.atan2(x, -y) * LEGEND_RADIUS;
    const half = Math.PI * LEGEND_RADIUS;
    const dots = LETTER_ROWS / LETTER_HEIGHT;
    const width = LEGEND.length * ADVANCE;
    const row = (LEGEND_RADIUS + LETTER_HEIGHT / 2 - radius) * dots;
    for (const centre of [-half / 2, half / 2]) {
      const u = (arc - centre) * dots + width / 2;
      ink = Math.max(ink, inkAt(LEGEND, { u, v: row }, soft * dots));
    }
    return ink;
  }
  const bulb = Math.hypot(x, y + 1.6) - 4.2;
  const tip = Math.max(Math.abs(x) * 0.879 - (y + 10.4) * 0.477, y + 3.6);
  const drop = Math.min(bulb, tip);
  ink = Math.max(ink, cut(drop));
  for (const level of [6.2, 9.2]) {
    const wave = Math.abs(y - level - 0.8 * Math.sin(x * 0.85)) - 0.55;
    ink = Math.max(ink, cut(Math.max(wave, Math.abs(x) - 8.2)));
  }
  return ink;
}

function mould(plan: CapDesign, surface: Surface): void {
  const flow = plan.streams.noise("flow");
  const peel = plan.streams.noise("peel");
  const tear = plan.streams.noise("tear");
  const soft = surface.step;
  const cos = Math.cos(plan.turn);
  const sin = Math.sin(plan.turn);
  const place = startPlace();
  editSurface(surface, null, (point) => {
    const { x, y } = point;
    const radius = Math.hypot(x, y);
    if (radius > RADIUS + 2) return;
    const angle = Math.atan2(y, x) + plan.turn;
    const rib = Math.cos(RIB_COUNT * angle);
    const ribbed = smoothstep(32.2, 34, radius);
    let distance = radius - RADIUS - 0.35 * rib;
    let fromGap = Number.POSITIVE_INFINITY;
    for (const short of plan.shorts) {
      if (Math.hypot(x - short.x, y - short.y) > 2.4 * short.radius + 2.5) continue;
      fromGap = Math.min(fromGap, blobDistance(tear, short, { x, y }));
    }
    distance = Math.max(distance, -fromGap);
    const cover = clamp01(0.5 - distance / soft);
    if (cover <= 0) return;

    const shoulder = clamp01((radius - 28.5) / (RADIUS - 28.5));
    const dome = HEIGHT * Math.sqrt(1 - 0.72 * shoulder ** 2.2) - 0.0012 * radius * radius;
    const rim = 0.45 * Math.exp(-(((radius - 27.2) / 0.9) ** 2));
    const gate = radius < 2 ? -0.3 * smoothstep(1.15, 0.85, radius) : 0;
    // Plastic that did not reach the wall is rounded at the gap.
    const sag = 1.6 * smoothstep(2.2, 0, fromGap);
    point.height = (dome + rim + gate + 0.42 * rib * ribbed - sag) * cover;

    coat(point, PLASTIC, cover);
    tone(point, 1 + 0.05 * fractal(flow, x * 0.06, y * 0.06));
    point.tiltX = 0.012 * peel(x * 0.5, y * 0.5);
    point.tiltY = 0.012 * peel(x * 0.5 + 40, y * 0.5);

    const u = cos * x - sin * y - plan.printX;
    const v = sin * x + cos * y - plan.printY;
    let ink = inkOfPrint(u, v, soft) * plan.ink;
    for (const gap of plan.voids)
      ink *= smoothstep(-0.5, 0.5, blobDistance(tear, gap, { x: u, y: v }));
    coat(point, PRINT, ink * (0.94 + 0.06 * peel(x * 2.2, y * 2.2)));

    for (const crack of plan.cracks) {
      place.x = x;
      place.y = y;
      locateOnPath(crack.path, place);
      if (place.distance > 2.5) continue;
      const width = crack.width * (1.05 - place.along);
      const open = clamp01(0.5 + (width - place.distance) / soft) * clamp01((2.2 * width) / soft);
      const stressed = Math.exp(-((place.distance / (width + 0.35)) ** 2)) * (1 - place.along);
      coat(point, WHITENED, 0.35 * stressed);
      coat(point, CLEFT, open);
      point.height -= open * 1.2 * cover;
    }
  });
}

export const bottleCap: Product<CapDesign> = {
  name: "bottle_cap",
  poses: { turn: 0.05, shift: 2, zoom: 0.02, scale: 1.12 },
  light: {
    azimuth: -2.2,
    elevation: 0.95,
    distance: 160,
    power: 0.8,
    softness: 0.45,
    ambient: 0.42,
    lobes: [
      { azimuth: -0.7, elevation: 0.75, sharpness: 22, radiance: 9 },
      { azimuth: 2.4, elevation: 0.6, sharpness: 18, radiance: 5 },
      { azimuth: -1.4, elevation: 1.36, sharpness: 60, radiance: 5 },
    ],
  },
  exposure: 0.95,
  design,
  flaws: {
    crack: spoilWithCrack,
    short_shot: spoilWithShort,
    colour_spot: spoilWithSpot,
    scratch: spoilWithScratch,
    misprint: spoilPrint,
  },
  paint(surface, plan, streams) {
    steelBelt(surface, streams);
    mould(plan, surface);
    for (const mark of plan.marks) mark(surface);
  },
};
