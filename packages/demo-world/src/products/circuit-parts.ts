import { ADVANCE, inkAt } from "../engine/lettering.ts";
import { clamp01, smoothstep } from "../engine/numbers.ts";
import { around, type Box, boxDistance } from "../engine/shapes.ts";
import {
  coat,
  editSurface,
  type Material,
  type Surface,
  type SurfacePoint,
} from "../engine/surface.ts";
import type { Noise } from "../engine/noise.ts";
import type { Streams } from "../product.ts";
import {
  BOARD_HEIGHT,
  padsOf,
  PART_PLANS,
  type PartKind,
  type PartPlan,
  type PlacedPart,
} from "./circuit-layout.ts";

const EPOXY: Material = { red: 0.022, green: 0.022, blue: 0.024, roughness: 0.6, metal: 0 };
const THICK_FILM: Material = { red: 0.016, green: 0.016, blue: 0.02, roughness: 0.35, metal: 0 };
const CERAMIC: Material = { red: 0.34, green: 0.24, blue: 0.15, roughness: 0.5, metal: 0 };
const TIN: Material = { red: 0.7, green: 0.7, blue: 0.71, roughness: 0.3, metal: 1 };
const ALUMINIUM: Material = { red: 0.78, green: 0.78, blue: 0.8, roughness: 0.33, metal: 1 };
const BRASS: Material = { red: 0.85, green: 0.65, blue: 0.32, roughness: 0.3, metal: 1 };
const NYLON: Material = { red: 0.6, green: 0.58, blue: 0.5, roughness: 0.45, metal: 0 };
const PHOSPHOR: Material = { red: 0.68, green: 0.52, blue: 0.1, roughness: 0.3, metal: 0 };
const LASER: Material = { red: 0.2, green: 0.2, blue: 0.2, roughness: 0.8, metal: 0 };
const CHIP_INK: Material = { red: 0.6, green: 0.6, blue: 0.58, roughness: 0.7, metal: 0 };
const DARK: Material = { red: 0.01, green: 0.01, blue: 0.011, roughness: 0.8, metal: 0 };

/** A place on a part: its own axes, and what painting needs to know. */
type Place = { u: number; v: number; soft: number; grain: number };

type PartPainter = (point: SurfacePoint, plan: PartPlan, place: Place) => void;

const cut = (distance: number, soft: number): number => clamp01(0.5 - distance / soft);

/** Raise a point to a body's top, rounded over `edge` units at its outline. */
function raise(point: SurfacePoint, top: { height: number; edge: number }, distance: number): void {
  const inwards = clamp01(-distance / top.edge);
  const profile =
    BOARD_HEIGHT + top.height - top.edge + top.edge * Math.sqrt(1 - (1 - inwards) ** 2);
  point.height = Math.max(point.height, profile);
}

/** Two dots of ink or laser marks a unit, centred on the part. */
function mark(plan: PartPlan, place: Place, height: number): number {
  const dots = 7 / height;
  const u = place.u * dots + (plan.mark.length * ADVANCE - 1) / 2;
  return inkAt(plan.mark, { u, v: place.v * dots + 3.5 }, place.soft * dots);
}

function body(plan: PartPlan, { u, v }: Place, radius: number): number {
  const box = { x: 0, y: 0, halfWidth: plan.width / 2, halfHeight: plan.height / 2, radius };
  return boxDistance(box, u, v);
}

/** Resistors, ceramic capacitors: a body between two soldered caps. */
function paintTwoTerminal(point: SurfacePoint, plan: PartPlan, place: Place): void {
  const { u, v, soft } = place;
  // Solder climbs from the pad to the cap.
  const fillet = boxDistance(
    { x: 0, y: 0, halfWidth: plan.width / 2 + 0.9, halfHeight: plan.height / 2 - 0.1, radius: 0.7 },
    u,
    v,
  );
  const isOutside = Math.abs(u) > plan.width / 2 - 1;
  if (isOutside && fillet < 0) {
    coat(point, TIN, cut(fillet, soft));
    point.height = Math.max(point.height, BOARD_HEIGHT + 0.9 * smoothstep(0, -1, fillet));
  }
  const distance = body(plan, place, 0.25);
  const cover = cut(distance, soft);
  if (cover <= 0) return;
  const isResistor = plan.kind === "resistor";
  coat(point, isResistor ? THICK_FILM : CERAMIC, cover);
  coat(point, TIN, cover * cut(plan.width / 2 - 1.15 - Math.abs(u), soft));
  if (isResistor) coat(point, CHIP_INK, 0.8 * cover * mark(plan, place, 1.7));
  raise(point, { height: isResistor ? 1.1 : 2, edge: 0.4 }, distance);
}

/** Feet of the gull wings of each chip: shorter than their pads, and nearer to the body. */
const PINS: ReadonlyMap<PartPlan, readonly Box[]> = new Map(
  PART_PLANS.map((plan) => [
    plan,
    padsOf(plan).map(({ u, v }) => ({
      x: u - 0.5 * Math.sign(u),
      y: v,
      halfWidth: 1.4,
      halfHeight: 0.4,
    })),
  ]),
);

function paintChip(point: SurfacePoint, plan: PartPlan, place: Place): void {
  const { u, v, soft } = place;
  for (const box of PINS.get(plan) ?? []) {
    if (Math.abs(v - box.y) > 1.2 || Math.abs(u - box.x) > 2) continue;
    const pin = boxDistance(box, u, v);
    if (pin > soft) continue;
    coat(point, TIN, cut(pin, soft));
    const outwards = Math.abs(u) - plan.width / 2;
    const knee = BOARD_HEIGHT + 0.45 + 1.1 * smoothstep(1.3, 0.3, outwards);
    point.height = Math.max(point.height, knee - 0.3 * smoothstep(0.1, 0.45, Math.abs(v - box.y)));
  }
  const distance = body(plan, place, 0.3);
  const cover = cut(distance, soft);
  if (cover <= 0) return;
  coat(point, EPOXY, cover);
  raise(point, { height: 2.6, edge: 0.8 }, distance);
  point.tiltX = 0.06 * place.grain;
  point.tiltY = 0.05 * place.grain;
  const turned = { ...place, u: -v, v: u };
  coat(point, LASER, 0.8 * mark(plan, plan.height > 12 ? turned : place, 2.6));
  const dimple = Math.hypot(u + plan.width / 2 - 1.5, v + plan.height / 2 - 1.5) - 0.6;
  point.height -= 0.3 * smoothstep(0.2, -0.2, dimple);
}

function paintCan(point: SurfacePoint, plan: PartPlan, place: Place): void {
  const { u, v, soft } = place;
  const base = boxDistance(
    { x: 0, y: 0, halfWidth: plan.width / 2, halfHeight: plan.height / 2, radius: 0.9 },
    u,
    v,
  );
  if (base > soft) return;
  coat(point, EPOXY, cut(base, soft));
  raise(point, { height: 1.2, edge: 0.4 }, base);
  const radius = Math.hypot(u, v);
  const distance = radius - (plan.width / 2 - 0.5);
  const cover = cut(distance, soft);
  if (cover <= 0) return;
  coat(point, ALUMINIUM, cover);
  raise(point, { height: 7.5, edge: 0.9 }, distance);
  point.height -= 0.12 * Math.exp(-(((radius - 4.4) / 0.35) ** 2));
  const stripe = u + plan.width * 0.22;
  coat(point, DARK, 0.92 * cover * cut(stripe, soft) * cut(radius - 5.2, soft));
  coat(point, DARK, 0.85 * mark(plan, { ...place, u: u - 1.4 }, 2.4));
}

function paintLed(point: SurfacePoint, plan: PartPlan, place: Place): void {
  const distance = body(plan, place, 0.2);
  const cover = cut(distance, place.soft);
  if (cover <= 0) return;
  coat(point, NYLON, cover);
  coat(point, TIN, cover * cut(plan.width / 2 - 0.8 - Math.abs(place.u), place.soft));
  raise(point, { height: 1.5, edge: 0.3 }, distance);
  const lens = Math.hypot(place.u, place.v) - 1.25;
  coat(point, PHOSPHOR, cut(lens, place.soft));
  point.height += 0.5 * smoothstep(0, -1.2, lens);
}

function paintCrystal(point: SurfacePoint, plan: PartPlan, place: Place): void {
  const flange = body(plan, place, plan.height / 2);
  const cover = cut(flange, place.soft);
  if (cover <= 0) return;
  coat(point, TIN, cover);
  raise(point, { height: 0.8, edge: 0.3 }, flange);
  raise(point, { height: 3.4, edge: 0.7 }, Math.min(0, flange + 0.6));
  if (flange > -0.6) point.height = Math.min(point.height, BOARD_HEIGHT + 0.8);
  coat(point, DARK, 0.7 * mark(plan, place, 1.8));
}

function paintConnector(point: SurfacePoint, plan: PartPlan, place: Place): void {
  const { u, v, soft } = place;
  const distance = body(plan, place, 0.3);
  const cover = cut(distance, soft);
  if (cover <= 0) return;
  coat(point, NYLON, cover);
  raise(point, { height: 5, edge: 0.4 }, distance);
  const pitch = plan.width / 5;
  const nearest = (Math.round(u / pitch - 0.5) + 0.5) * pitch;
  if (Math.abs(nearest) > plan.width / 2 - 1) return;
  const well = boxDistance(
    { x: nearest, y: 0, halfWidth: 1.6, halfHeight: 1.8, radius: 0.3 },
    u,
    v,
  );
  const open = cut(well, soft);
  if (open <= 0) return;
  coat(point, DARK, 0.8 * open);
  point.height -= 3 * open;
  const pin = boxDistance({ x: nearest, y: 0, halfWidth: 0.5, halfHeight: 0.5, radius: 0.1 }, u, v);
  coat(point, BRASS, cut(pin, soft));
  point.height += 2.4 * cut(pin, soft);
}

const PAINTERS: { readonly [K in PartKind]: PartPainter } = {
  resistor: paintTwoTerminal,
  capacitor: paintTwoTerminal,
  chip: paintChip,
  can: paintCan,
  led: paintLed,
  crystal: paintCrystal,
  connector: paintConnector,
};

/** Set a part on its pads, where the placement put it. Nothing is painted if it is not there. */
export function paintPart(surface: Surface, part: PlacedPart, streams: Streams): void {
  if (!part.placed) return;
  const { plan } = part;
  const paint = PAINTERS[plan.kind];
  const grain: Noise = streams.noise(`grain of ${plan.name}`);
  const angle = plan.angle + part.turn;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const x0 = plan.x + part.shiftX;
  const y0 = plan.y + part.shiftY;
  const radius = 0.5 * Math.hypot(plan.width + 6, plan.height + 2);
  const place: Place = { u: 0, v: 0, soft: surface.step, grain: 0 };
  editSurface(surface, around({ x: x0, y: y0 }, radius), (point) => {
    const { x, y } = point;
    place.u = cos * (x - x0) + sin * (y - y0);
    place.v = cos * (y - y0) - sin * (x - x0);
    place.grain = plan.kind === "chip" ? grain(x * 2.6, y * 2.6) : 0;
    paint(point, plan, place);
  });
}
