import type { Box, Circle, Point } from "../engine/shapes.ts";
import type { Mark, Streams } from "../product.ts";

/** Outline of the bare board, in units. */
export const BOARD = { x: 0, y: 0, halfWidth: 41, halfHeight: 30, radius: 2.5 } satisfies Box;

export const BOARD_HEIGHT = 1.6;

export type PartKind = "resistor" | "capacitor" | "chip" | "can" | "led" | "crystal" | "connector";

/** A part as the layout has it. Width runs along u, before the part is turned. */
export type PartPlan = {
  readonly kind: PartKind;
  readonly mark: string;
  /** Name on the board, and where it is printed. */
  readonly name: string;
  readonly nameAt: Point;
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  readonly width: number;
  readonly height: number;
};

/** A part as one board has it. */
export type PlacedPart = {
  readonly plan: PartPlan;
  placed: boolean;
  shiftX: number;
  shiftY: number;
  turn: number;
};

export type BoardDesign = {
  readonly parts: PlacedPart[];
  readonly marks: Mark[];
  readonly streams: Streams;
};

const UPRIGHT = Math.PI / 2;

type Chip = Pick<PartPlan, "x" | "y" | "angle" | "name" | "mark"> & { kind: PartKind };

/** Two-terminal parts share one footprint; their names stand beside them. */
function small(plan: Chip): PartPlan {
  const nameAt =
    plan.angle === 0 ? { x: plan.x - 2.6, y: plan.y - 5 } : { x: plan.x - 2.6, y: plan.y + 4 };
  return { ...plan, width: 5.2, height: 3, nameAt };
}

const resistor = (name: string, mark: string, at: Point): PartPlan =>
  small({ kind: "resistor", name, mark, ...at, angle: UPRIGHT });

const capacitor = (name: string, at: Point, angle: number): PartPlan =>
  small({ kind: "capacitor", name, mark: "", ...at, angle });

export const PART_PLANS: readonly PartPlan[] = [
  {
    kind: "chip",
    name: "U1",
    mark: "LP20",
    x: -6,
    y: 1,
    angle: 0,
    width: 9,
    height: 18.6,
    nameAt: { x: -8.5, y: -12.6 },
  },
  {
    kind: "chip",
    name: "U2",
    mark: "72",
    x: 18.5,
    y: 9,
    angle: 0,
    width: 7.6,
    height: 9.8,
    nameAt: { x: 16, y: 1 },
  },
  {
    kind: "can",
    name: "C5",
    mark: "470",
    x: -29,
    y: -15,
    angle: 0.4,
    width: 12.5,
    height: 12.5,
    nameAt: { x: -38.6, y: -8.6 },
  },
  {
    kind: "crystal",
    name: "Y1",
    mark: "16 0M",
    x: -25,
    y: 5.5,
    angle: UPRIGHT,
    width: 11.5,
    height: 4.8,
    nameAt: { x: -32.2, y: 4 },
  },
  {
    kind: "connector",
    name: "J1",
    mark: "",
    x: 35.6,
    y: -5,
    angle: UPRIGHT,
    width: 23,
    height: 6.2,
    nameAt: { x: 33, y: 8 },
  },
  {
    kind: "led",
    name: "D1",
    mark: "",
    x: 27,
    y: 23,
    angle: 0,
    width: 5.2,
    height: 3.2,
    nameAt: { x: 24.2, y: 18 },
  },
  resistor("R1", "103", { x: -2, y: -21 }),
  resistor("R2", "472", { x: 5.5, y: -21 }),
  resistor("R3", "103", { x: 13, y: -21 }),
  resistor("R4", "220", { x: 20.5, y: -21 }),
  resistor("R5", "101", { x: 4.5, y: 22 }),
  resistor("R6", "101", { x: 12, y: 22 }),
  capacitor("C1", { x: -17.2, y: -4 }, UPRIGHT),
  capacitor("C2", { x: 6.8, y: -6 }, UPRIGHT),
  capacitor("C3", { x: -24, y: 17 }, 0),
  capacitor("C4", { x: 20, y: -7 }, 0),
];

/** A copper pad, in the part's own axes. */
export type Pad = { u: number; v: number; halfWidth: number; halfHeight: number };

export const PIN_PITCH = 2.3;

/** Pads of a part. A chip's come column by column: left ones first, top to bottom. */
export function padsOf(plan: PartPlan): Pad[] {
  const half = plan.width / 2;
  if (plan.kind === "chip") {
    const rows = Math.floor(plan.height / PIN_PITCH);
    const at = (side: number, row: number): Pad => ({
      u: side * (half + 1.7),
      v: (row - (rows - 1) / 2) * PIN_PITCH,
      halfWidth: 1.5,
      halfHeight: 0.62,
    });
    return [-1, 1].flatMap((side) => Array.from({ length: rows }, (_, row) => at(side, row)));
  }
  if (plan.kind === "connector") return [];
  const reach =
    plan.kind === "can" ? half - 0.5 : plan.kind === "crystal" ? half - 1.5 : half - 0.5;
  const halfHeight = plan.kind === "can" ? 1.3 : plan.height / 2 + 0.2;
  const halfWidth = plan.kind === "can" ? 2.2 : 1.35;
  return [-1, 1].map((side) => ({ u: side * reach, v: 0, halfWidth, halfHeight }));
}

/** Copper under the solder mask: centre lines, each 1 unit wide. */
export const TRACES: readonly (readonly Point[])[] = [
  line([-13.8, -7.1], [-17.2, -7.1], [-17.2, -6.4]),
  line([-13.8, -2.5], [-15, -2.5], [-17.2, -1.2]),
  line([-13.8, 2.1], [-19, 2.1], [-21, 0.5], [-25, 0.5]),
  line([-13.8, 4.4], [-20, 4.4], [-20, 9.5], [-25, 10.5]),
  line([-13.8, 6.7], [-16.5, 9], [-16.5, 14.5], [-21.6, 17]),
  line([-26.4, 17], [-34, 17], [-36, 15], [-36, -4], [-34.5, -12]),
  line([-23.5, -17.6], [-20, -21], [-12, -24.5], [-2, -24.5], [-2, -23.4]),
  line([-2, -18.6], [-2, -12], [1.8, -8], [1.8, -7.1]),
  line([5.5, -18.6], [5.5, -13], [6.8, -11.6], [6.8, -8.4]),
  line([13, -18.6], [13, -3], [10, 0], [1.8, 0], [1.8, -0.2]),
  line([20.5, -18.6], [20.5, -15], [29, -10], [34, -10]),
  line([5.5, -23.4], [5.5, -26.5], [20.5, -26.5], [20.5, -23.4]),
  line([1.8, 2.1], [7, 2.1], [11.9, 5.5], [13.2, 5.5]),
  line([1.8, 4.4], [5, 4.4], [9.5, 7.8], [13.2, 7.8]),
  line([1.8, 6.7], [4.5, 9.2], [4.5, 19.6]),
  line([4.5, 24.4], [4.5, 26.6], [12, 26.6], [12, 24.4]),
  line([12, 19.6], [12, 15.5], [13.2, 12.4]),
  line([24, 12.4], [28, 14], [31, 18], [31, 23], [29.2, 23]),
  line([24, 5.5], [29, 2], [29, -2], [34, -4]),
  line([24.6, 23], [18, 23], [15.5, 26.6], [12, 26.6]),
  line([17.6, -7], [15, -7], [13, -9]),
  line([22.4, -7], [26, -7], [30, -6], [34, -6]),
];

function line(...points: readonly (readonly [number, number])[]): Point[] {
  return points.map(([x, y]) => ({ x, y }));
}

/** Plated holes that join the layers. */
export const VIAS: readonly Circle[] = [
  [-33, 24],
  [-12, 22],
  [-9, 24.5],
  [-2.5, 14.5],
  [9.5, -13.5],
  [26.5, -24],
  [30, 8.5],
  [-20.5, 24.5],
  [-38, 2],
  [10, 13],
  [-12.5, -17],
  [28.5, -18],
].map(([x = 0, y = 0]) => ({ x, y, radius: 0.95 }));

export const MOUNTS: readonly Circle[] = [
  { x: -37, y: 26, radius: 2 },
  { x: 37, y: 26, radius: 2 },
  { x: -37, y: -26, radius: 2 },
  { x: 37, y: -26, radius: 2 },
];
