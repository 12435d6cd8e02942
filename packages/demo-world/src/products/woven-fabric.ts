import { blobDistance, stain } from "../marks/stain.ts";
import { fibre } from "../marks/fibre.ts";
import { wanderingPath } from "../marks/wandering-path.ts";
import { fractal } from "../engine/noise.ts";
import { between, clamp01, mix, pick, sign, smoothstep } from "../engine/numbers.ts";
import { coat, editSurface, type Material, type Surface, tone } from "../engine/surface.ts";
import type { Flaw, Mark, Product, Streams } from "../product.ts";

/** Distance between yarns in units: about 42 of them cross the frame. */
const PITCH = 2.4;

type Blob = { x: number; y: number; radius: number; raggedness: number };

type FabricDesign = {
  /** Where the first yarns lie, in yarns. */
  readonly startX: number;
  readonly startY: number;
  readonly holes: Blob[];
  /** Yarns that the loom lost: which one, from where to where along it, in units. */
  readonly gaps: { vertical: boolean; yarn: number; from: number; to: number }[];
  /** Thick places of a yarn. */
  readonly slubs: { x: number; y: number; vertical: boolean; length: number; swell: number }[];
  /** Where a yarn was caught: it runs tight through the cloth and gathers it. */
  readonly pulls: { x: number; y: number; reach: number; strength: number }[];
  readonly marks: Mark[];
  readonly streams: Streams;
};

const WARP: Material = { red: 0.07, green: 0.13, blue: 0.23, roughness: 0.85, metal: 0 };
const WEFT: Material = { red: 0.4, green: 0.39, blue: 0.35, roughness: 0.85, metal: 0 };
const UNDER: Material = { red: 0.012, green: 0.013, blue: 0.016, roughness: 0.95, metal: 0 };
const LOOP: Material = { red: 0.5, green: 0.49, blue: 0.45, roughness: 0.85, metal: 0 };
const SPOTS: readonly Material[] = [
  { red: 0.2, green: 0.09, blue: 0.03, roughness: 0.8, metal: 0 },
  { red: 0.03, green: 0.03, blue: 0.035, roughness: 0.6, metal: 0 },
  { red: 0.36, green: 0.3, blue: 0.12, roughness: 0.8, metal: 0 },
];

/** Yarns are counted from the frame's middle, so that a flaw can name one. */
const yarnAt = (start: number, units: number): number => Math.floor(units / PITCH + start);

function anywhere({ random }: Flaw): { x: number; y: number } {
  return { x: between(random, -38, 38), y: between(random, -38, 38) };
}

function spoilWithPull(plan: FabricDesign, flaw: Flaw): void {
  const { random, severity } = flaw;
  const place = anywhere(flaw);
  const y = (Math.round(place.y / PITCH + plan.startY) + 0.5 - plan.startY) * PITCH;
  plan.pulls.push({
    x: place.x,
    y,
    reach: mix(4, 12, severity),
    strength: mix(0.35, 0.9, severity),
  });
  const length = mix(3.5, 11, severity);
  const path = wanderingPath(
    random,
    { x: place.x - length * 0.32, y },
    { length, heading: between(random, -0.5, 0.5), bend: 4.5 * sign(random) },
  );
  plan.marks.push(
    fibre({
      path,
      radius: mix(0.45, 0.75, severity),
      material: LOOP,
      lift: mix(0.8, 2.2, severity),
    }),
  );
}

function spoilWithHole(plan: FabricDesign, flaw: Flaw): void {
  const { random, severity } = flaw;
  const place = anywhere(flaw);
  const radius = mix(1.3, 4.6, severity) * between(random, 0.85, 1.15);
  plan.holes.push({ ...place, radius, raggedness: 0.5 });
  const ends = 3 + Math.round(5 * severity);
  for (let end = 0; end < ends; end++) {
    const turn = between(random, 0, 2 * Math.PI);
    const start = {
      x: place.x + 1.15 * radius * Math.cos(turn),
      y: place.y + 1.15 * radius * Math.sin(turn),
    };
    const path = wanderingPath(random, start, {
      length: radius * between(random, 0.4, 1),
      heading: turn + Math.PI + between(random, -0.9, 0.9),
      bend: 2.5,
    });
    const material = random.uniform() < 0.5 ? WARP : WEFT;
    plan.marks.push(fibre({ path, radius: between(random, 0.12, 0.4), material, lift: 0.2 }));
  }
}

function spoilWithGap(plan: FabricDesign, flaw: Flaw): void {
  const { random, severity } = flaw;
  const place = anywhere(flaw);
  const vertical = random.uniform() < 0.5;
  const length = mix(7, 75, severity ** 1.5);
  const middle = vertical ? place.y : place.x;
  plan.gaps.push({
    vertical,
    yarn: vertical ? yarnAt(plan.startX, place.x) : yarnAt(plan.startY, place.y),
    from: middle - length / 2,
    to: middle + length / 2,
  });
}

function spoilWithStain(plan: FabricDesign, flaw: Flaw): void {
  const { random, severity } = flaw;
  plan.marks.push(
    stain(
      {
        ...anywhere(flaw),
        radius: mix(1.6, 7.5, severity) * between(random, 0.85, 1.15),
        raggedness: between(random, 0.3, 0.7),
        material: pick(random, SPOTS),
        opacity: mix(0.2, 0.62, severity),
        softness: between(random, 0.15, 0.5),
        ring: mix(0, 0.15, severity),
        thickness: 0,
        floor: 0.3,
      },
      plan.streams.noise("spot"),
    ),
  );
}

function spoilWithSlub(plan: FabricDesign, flaw: Flaw): void {
  const { random, severity } = flaw;
  const place = anywhere(flaw);
  plan.slubs.push({
    x: (Math.round(place.x / PITCH + plan.startX) + 0.5 - plan.startX) * PITCH,
    y: (Math.round(place.y / PITCH + plan.startY) + 0.5 - plan.startY) * PITCH,
    vertical: random.uniform() < 0.5,
    length: mix(2.5, 9, severity) * between(random, 0.85, 1.15),
    swell: mix(0.3, 0.62, severity),
  });
}

/** Where the cloth's own coordinates lie under a place of the frame: flaws gather and spread it. */
function drape(plan: FabricDesign, at: { x: number; y: number }): void {
  const { x, y } = at;
  for (const pull of plan.pulls) {
    const dx = x - pull.x;
    const dy = y - pull.y;
    const row = Math.exp(-((dy / (1.2 * PITCH)) ** 2));
    const fade = Math.exp(-((dx / pull.reach) ** 2));
    at.y -= pull.strength * PITCH * (dy / (1.2 * PITCH)) * row * fade * 0.8;
    at.x -= pull.strength * 1.4 * Math.tanh(dx / 3) * row * fade;
  }
  for (const slub of plan.slubs) {
    const along = (slub.vertical ? y - slub.y : x - slub.x) / slub.length;
    const across = (slub.vertical ? x - slub.x : y - slub.y) / PITCH;
    const pinch = slub.swell * Math.exp(-across * across * 0.8 - along * along * 2);
    if (slub.vertical) at.x -= pinch * across * PITCH;
    else at.y -= pinch * across * PITCH;
  }
}

/** Share of a yarn that is there, 0 in a gap; its ends are frayed over half a yarn. */
function presence(
  plan: FabricDesign,
  yarn: { vertical: boolean; index: number; along: number },
): number {
  let share = 1;
  for (const gap of plan.gaps) {
    if (gap.vertical !== yarn.vertical || gap.yarn !== yarn.index) continue;
    const inside = Math.min(yarn.along - gap.from, gap.to - yarn.along);
    share *= 1 - smoothstep(-0.6, 0.6, inside);
  }
  return share;
}

function weave(plan: FabricDesign, surface: Surface): void {
  const drift = plan.streams.noise("drift");
  const yarn = plan.streams.noise("yarn");
  const twist = plan.streams.noise("twist");
  const tear = plan.streams.noise("tear");
  const soft = surface.step / PITCH;
  const at = { x: 0, y: 0 };
  editSurface(surface, null, (point) => {
    const { x, y } = point;
    at.x = x + 0.9 * drift(x * 0.02, y * 0.02) + 0.16 * drift(x * 0.13, y * 0.13);
    at.y = y + 0.9 * drift(x * 0.02 + 37, y * 0.02) + 0.16 * drift(x * 0.13, y * 0.13 + 51);
    drape(plan, at);
    const u = at.x / PITCH + plan.startX;
    const v = at.y / PITCH + plan.startY;
    const column = Math.floor(u);
    const row = Math.floor(v);
    const across = u - column - 0.5 - 0.06 * yarn(column * 5.3, v * 0.11);
    const down = v - row - 0.5 - 0.06 * yarn(row * 7.1 + 90, u * 0.11);
    const warpWidth =
      (0.43 + 0.05 * yarn(column * 3.7, v * 0.09 + 20)) *
      presence(plan, { vertical: true, index: column, along: at.y });
    const weftWidth =
      (0.45 + 0.07 * yarn(row * 3.1 + 44, u * 0.07)) *
      presence(plan, { vertical: false, index: row, along: at.x });

    const wave = Math.cos(Math.PI * (v - 0.5 - column));
    const counter = -Math.cos(Math.PI * (u - 0.5 - row));
    const warpSide = warpWidth > 0.02 ? across / warpWidth : 9;
    const weftSide = weftWidth > 0.02 ? down / weftWidth : 9;
    const warpTop = Math.abs(warpSide) < 1 ? 0.3 * wave + 0.5 * Math.sqrt(1 - warpSide ** 2) : -2;
    const weftTop =
      Math.abs(weftSide) < 1 ? 0.3 * counter + 0.5 * Math.sqrt(1 - weftSide ** 2) : -2;
    const isWarp = warpTop > weftTop;
    const top = Math.max(warpTop, weftTop);
    let there = top > -1 ? 1 : 0;
    // Soften the outline of the upper yarn against what lies under it.
    const side = isWarp ? Math.abs(warpSide) : Math.abs(weftSide);
    const width = isWarp ? warpWidth : weftWidth;
    const rim = clamp01(0.5 + ((1 - side) * width) / soft);

    coat(point, UNDER, 1);
    point.height = 0;
    for (const hole of plan.holes) {
      if (Math.hypot(x - hole.x, y - hole.y) > 2.2 * hole.radius) continue;
      const inside = blobDistance(tear, hole, { x, y }) + 0.7 * yarn(u * 1.1, v * 1.1);
      if (inside < 0) there = 0;
    }
    if (there === 0) return;

    const index = isWarp ? column : row + 400;
    const along = isWarp ? v : u;
    const cross = isWarp ? across : down;
    const strand = twist(along * 2.6 + cross * 3.2 + index * 13.7, cross * 9 + index * 3.3);
    const shadeOfYarn =
      0.16 * yarn(index * 11.3, along * 0.06) + 0.1 * yarn(index * 2.9, along * 0.9);
    coat(point, isWarp ? WARP : WEFT, 0.35 + 0.65 * rim);
    tone(point, 1 + shadeOfYarn + 0.2 * strand + 0.06 * fractal(drift, x * 0.03, y * 0.03));
    const slope = 0.28 * strand;
    point.tiltX = isWarp ? 0.5 * slope : slope;
    point.tiltY = isWarp ? slope : 0.5 * slope;
    point.height = (1 + top) * PITCH * 0.42;
  });
}

export const wovenFabric: Product<FabricDesign> = {
  name: "woven_fabric",
  poses: { turn: 0.05, shift: 1.2, zoom: 0.03, scale: 1 },
  light: {
    azimuth: -2.3,
    elevation: 0.62,
    distance: 190,
    power: 1.05,
    softness: 0.35,
    ambient: 0.3,
    lobes: [{ azimuth: 0.9, elevation: 0.8, sharpness: 6, radiance: 0.3 }],
  },
  exposure: 1.25,
  design(streams) {
    const random = streams.random("fabric");
    return {
      startX: between(random, 1000, 1002),
      startY: between(random, 1000, 1002),
      holes: [],
      gaps: [],
      slubs: [],
      pulls: [],
      marks: [],
      streams,
    };
  },
  flaws: {
    thread_pull: spoilWithPull,
    hole: spoilWithHole,
    missing_yarn: spoilWithGap,
    stain: spoilWithStain,
    slub: spoilWithSlub,
  },
  paint(surface, plan) {
    weave(plan, surface);
    for (const mark of plan.marks) mark(surface);
  },
};
