import { ADVANCE, inkAt } from "../engine/lettering.ts";
import { fractal } from "../engine/noise.ts";
import { clamp01, smoothstep } from "../engine/numbers.ts";
import {
  around,
  boxDistance,
  locateOnPath,
  pathRegion,
  type Point,
  startPlace,
} from "../engine/shapes.ts";
import { coat, editSurface, type Material, type Surface, tone } from "../engine/surface.ts";
import type { Streams } from "../product.ts";
import {
  BOARD,
  BOARD_HEIGHT,
  MOUNTS,
  padsOf,
  PART_PLANS,
  type PartPlan,
  TRACES,
  VIAS,
} from "./circuit-layout.ts";

const LAMINATE: Material = { red: 0.42, green: 0.36, blue: 0.18, roughness: 0.6, metal: 0 };
const MASK: Material = { red: 0.012, green: 0.115, blue: 0.045, roughness: 0.3, metal: 0 };
const MASKED_COPPER: Material = {
  red: 0.03,
  green: 0.21,
  blue: 0.075,
  roughness: 0.3,
  metal: 0.06,
};
const GOLD: Material = { red: 0.9, green: 0.68, blue: 0.3, roughness: 0.32, metal: 1 };
const TIN: Material = { red: 0.66, green: 0.66, blue: 0.67, roughness: 0.36, metal: 1 };
const INK: Material = { red: 0.7, green: 0.71, blue: 0.68, roughness: 0.7, metal: 0 };
const HOLE: Material = { red: 0.008, green: 0.008, blue: 0.009, roughness: 0.9, metal: 0 };
/** Height of the smallest letters, in units. */
const LETTER_HEIGHT = 2.7;
const DOTS_PER_UNIT = 7 / LETTER_HEIGHT;

function layBoard(surface: Surface, streams: Streams): void {
  const glass = streams.noise("glass");
  const soft = surface.step;
  editSurface(surface, null, (point) => {
    const { x, y } = point;
    const distance = boxDistance(BOARD, x, y);
    const cover = clamp01(0.5 - distance / soft);
    if (cover <= 0) return;
    const rim = smoothstep(-0.5, -0.9, distance);
    const weave = Math.sin(x * 3.6) * Math.sin(y * 3.6);
    coat(point, LAMINATE, cover);
    coat(point, MASK, cover * rim);
    tone(point, 1 + 0.02 * weave + 0.05 * fractal(glass, x * 0.06, y * 0.06));
    point.tiltX = 0.012 * glass(x * 0.6, y * 0.6);
    point.tiltY = 0.012 * glass(x * 0.6 + 30, y * 0.6);
    point.height = BOARD_HEIGHT * cover;
  });
}

function routeTraces(surface: Surface): void {
  const soft = surface.step;
  const place = startPlace();
  // Piece by piece: the rectangle round a whole trace is mostly bare board.
  const pieces = TRACES.flatMap((trace) => trace.slice(1).map((to, k) => [trace[k] ?? to, to]));
  for (const piece of pieces) {
    editSurface(surface, pathRegion(piece, 1), (point) => {
      const { x, y } = point;
      place.x = x;
      place.y = y;
      locateOnPath(piece, place);
      if (place.distance > 1) return;
      coat(point, MASKED_COPPER, clamp01(0.5 - (place.distance - 0.5) / soft));
      const crest = BOARD_HEIGHT + 0.07 * smoothstep(0.8, 0.4, place.distance);
      point.height = Math.max(point.height, crest);
    });
  }
}

function drill(surface: Surface): void {
  const soft = surface.step;
  for (const hole of [...VIAS, ...MOUNTS]) {
    const land = hole.radius < 1.5 ? hole.radius + 0.25 : hole.radius + 1.7;
    const bore = hole.radius < 1.5 ? 0.45 : hole.radius;
    editSurface(surface, around(hole, land + 1), (point) => {
      const { x, y } = point;
      const away = Math.hypot(x - hole.x, y - hole.y);
      coat(point, GOLD, clamp01(0.5 - (away - land) / soft));
      const open = clamp01(0.5 - (away - bore) / soft);
      coat(point, HOLE, open);
      point.height -= open * BOARD_HEIGHT;
    });
  }
}

/** Pads lie in the part's axes, where the layout, not the placement, has the part. */
function tinPads(surface: Surface, plan: PartPlan): void {
  const pads = padsOf(plan).map((pad) => ({ ...pad, x: pad.u, y: pad.v, radius: 0.25 }));
  if (pads.length === 0) return;
  const soft = surface.step;
  const cos = Math.cos(plan.angle);
  const sin = Math.sin(plan.angle);
  const radius = 0.5 * Math.hypot(plan.width + 7, plan.height + 2);
  editSurface(surface, around(plan, radius), (point) => {
    const { x, y } = point;
    const u = cos * (x - plan.x) + sin * (y - plan.y);
    const v = cos * (y - plan.y) - sin * (x - plan.x);
    for (const pad of pads) {
      if (Math.abs(u - pad.u) > 3 || Math.abs(v - pad.v) > 3) continue;
      const distance = boxDistance(pad, u, v);
      if (distance > soft) continue;
      coat(point, TIN, clamp01(0.5 - distance / soft));
      point.height += 0.3 * smoothstep(0.1, -0.7, distance);
    }
  });
}

function print(surface: Surface, text: string, at: Point): void {
  const reach = (text.length * ADVANCE) / DOTS_PER_UNIT;
  const region = pathRegion([at, { x: at.x + reach, y: at.y + LETTER_HEIGHT }], 0.4);
  const soft = surface.step * DOTS_PER_UNIT;
  editSurface(surface, region, (point) => {
    const { x, y } = point;
    const place = { u: (x - at.x) * DOTS_PER_UNIT, v: (y - at.y) * DOTS_PER_UNIT };
    coat(point, INK, 0.95 * inkAt(text, place, soft));
  });
}

/** Silkscreen outline round a part's body. */
function outline(surface: Surface, plan: PartPlan): void {
  const isRound = plan.kind === "can";
  const box = {
    x: plan.x,
    y: plan.y,
    angle: plan.angle,
    halfWidth: plan.width / 2 + (plan.kind === "chip" ? -0.9 : 0.9),
    halfHeight: plan.height / 2 + 0.9,
    radius: isRound ? plan.width / 2 : 0.4,
  };
  const soft = surface.step;
  const radius = 1.1 * Math.hypot(box.halfWidth, box.halfHeight);
  editSurface(surface, around(plan, radius), (point) => {
    const { x, y } = point;
    const line = Math.abs(boxDistance(box, x, y)) - 0.2;
    coat(point, INK, 0.9 * clamp01(0.5 - line / soft));
  });
}

/** The bare board: laminate, solder mask over copper, pads, holes and printed names. */
export function paintArtwork(surface: Surface, streams: Streams): void {
  layBoard(surface, streams);
  routeTraces(surface);
  for (const plan of PART_PLANS) {
    if (plan.kind === "chip" || plan.kind === "can" || plan.kind === "connector") {
      outline(surface, plan);
    }
    print(surface, plan.name, plan.nameAt);
    tinPads(surface, plan);
  }
  print(surface, "LP-20 REV C", { x: -27, y: 24.8 });
  drill(surface);
}
