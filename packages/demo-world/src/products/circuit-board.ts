import { stain } from "../marks/stain.ts";
import { fibre } from "../marks/fibre.ts";
import { scratch } from "../marks/scratch.ts";
import { wanderingPath } from "../marks/wandering-path.ts";
import { between, mix, pick, sign } from "../engine/numbers.ts";
import type { Material, Surface } from "../engine/surface.ts";
import type { Flaw, Product, Streams } from "../product.ts";
import { paintArtwork } from "./circuit-artwork.ts";
import { BOARD, type BoardDesign, PART_PLANS, type PartPlan, padsOf } from "./circuit-layout.ts";
import { paintPart } from "./circuit-parts.ts";
import { BENCH_BLUE, rubberMat } from "./rubber-mat.ts";

const COPPER: Material = { red: 0.85, green: 0.5, blue: 0.33, roughness: 0.35, metal: 0.9 };
const SOLDER: Material = { red: 0.72, green: 0.72, blue: 0.73, roughness: 0.22, metal: 1 };
const FLUX: Material = { red: 0.42, green: 0.36, blue: 0.2, roughness: 0.2, metal: 0 };
const LINT: Material = { red: 0.62, green: 0.6, blue: 0.58, roughness: 0.9, metal: 0 };

function design(streams: Streams): BoardDesign {
  const random = streams.random("placement");
  return {
    parts: PART_PLANS.map((plan) => ({
      plan,
      placed: true,
      shiftX: 0.1 * random.normal(),
      shiftY: 0.1 * random.normal(),
      turn: 0.012 * random.normal(),
    })),
    marks: [],
    streams,
  };
}

/** Small flaws happen to small parts, which are easily missed; large ones to any. */
const isPassive = (plan: PartPlan): boolean =>
  plan.kind === "resistor" || plan.kind === "capacitor" || plan.kind === "led";

function spoilByMissing(board: BoardDesign, { random, severity }: Flaw): void {
  const candidates = board.parts.filter(({ plan }) => isPassive(plan) === severity < 0.7);
  pick(random, candidates).placed = false;
}

function spoilByMisplacing(board: BoardDesign, { random, severity }: Flaw): void {
  const candidates = board.parts.filter(({ plan }) => severity > 0.6 || isPassive(plan));
  const part = pick(
    random,
    candidates.filter(({ plan }) => plan.kind !== "connector" && plan.kind !== "can"),
  );
  const way = between(random, 0, 2 * Math.PI);
  const shift = mix(0.9, 2.6, severity);
  part.shiftX += shift * Math.cos(way);
  part.shiftY += shift * Math.sin(way);
  part.turn += sign(random) * mix(0.12, 0.7, severity);
}

function spoilWithBridge(board: BoardDesign, { random, severity }: Flaw): void {
  const chip = pick(
    random,
    board.parts.filter(({ plan }) => plan.kind === "chip"),
  );
  const pads = padsOf(chip.plan);
  const first =
    random.integer(pads.length / 2 - 1) + (random.uniform() < 0.5 ? 0 : pads.length / 2);
  const [from, to] = [pads[first], pads[first + 1]];
  if (from === undefined || to === undefined) return;
  const outwards = Math.sign(from.u) * between(random, 0.2, 0.9);
  const path = [0, 0.5, 1].map((share) => ({
    x: chip.plan.x + mix(from.u, to.u, share) + outwards,
    y: chip.plan.y + mix(from.v, to.v, share) + between(random, -0.1, 0.1),
  }));
  board.marks.push(
    fibre({
      path,
      radius: mix(0.5, 1.25, severity),
      material: SOLDER,
      lift: mix(0, 0.4, severity),
    }),
  );
}

/** A place on the bare board. */
function openPlace(board: BoardDesign, { random }: Flaw): { x: number; y: number } {
  for (let attempt = 0; attempt < 60; attempt++) {
    const x = between(random, -0.85, 0.85) * BOARD.halfWidth;
    const y = between(random, -0.85, 0.85) * BOARD.halfHeight;
    const isOpen = board.parts.every(
      ({ plan }) =>
        Math.hypot(x - plan.x, y - plan.y) > 1.5 + 0.5 * Math.hypot(plan.width, plan.height),
    );
    if (isOpen) return { x, y };
  }
  return { x: 5, y: 4 };
}

function spoilWithScratch(board: BoardDesign, flaw: Flaw): void {
  const { random, severity } = flaw;
  const strokes = severity > 0.75 ? 2 : 1;
  const heading = between(random, 0, 2 * Math.PI);
  const start = openPlace(board, flaw);
  for (let stroke = 0; stroke < strokes; stroke++) {
    const path = wanderingPath(
      random,
      { x: start.x + 1.6 * stroke, y: start.y + 1.2 * stroke },
      { length: mix(7, 26, severity), heading: heading + 0.1 * stroke, bend: 0.7 },
    ).filter(({ x, y }) => Math.abs(x) < BOARD.halfWidth - 1 && Math.abs(y) < BOARD.halfHeight - 1);
    if (path.length < 3) continue;
    board.marks.push(
      scratch(
        {
          path,
          width: mix(0.22, 0.5, severity),
          depth: mix(0.04, 0.12, severity),
          bare: COPPER,
          opacity: mix(0.35, 0.95, severity),
          floor: 1,
        },
        board.streams.noise("scratch"),
      ),
    );
  }
}

function spoilWithContamination(board: BoardDesign, flaw: Flaw): void {
  const { random, severity } = flaw;
  const place = openPlace(board, flaw);
  if (random.uniform() < 0.35) {
    const path = wanderingPath(random, place, {
      length: mix(5, 16, severity),
      heading: between(random, 0, 2 * Math.PI),
      bend: 5 * sign(random),
    });
    board.marks.push(fibre({ path, radius: mix(0.18, 0.32, severity), material: LINT, lift: 0.6 }));
    return;
  }
  const isSolder = random.uniform() < 0.4;
  const radius = isSolder ? mix(0.7, 1.6, severity) : mix(2, 6, severity);
  board.marks.push(
    stain(
      {
        ...place,
        radius,
        raggedness: isSolder ? 0.05 : 0.5,
        material: isSolder ? SOLDER : FLUX,
        opacity: isSolder ? 1 : mix(0.28, 0.65, severity),
        softness: isSolder ? 0.05 : 0.3,
        ring: isSolder ? 0 : mix(0.1, 0.3, severity),
        thickness: isSolder ? 1.1 * radius : 0.1,
        floor: 1,
      },
      board.streams.noise("residue"),
    ),
  );
}

export const circuitBoard: Product<BoardDesign> = {
  name: "circuit_board",
  poses: { turn: 0.03, shift: 1.2, zoom: 0.012, scale: 1.13 },
  light: {
    azimuth: -2.2,
    elevation: 0.95,
    distance: 170,
    power: 0.85,
    softness: 0.4,
    ambient: 0.4,
    lobes: [
      { azimuth: -1.1, elevation: 1.34, sharpness: 40, radiance: 2.6 },
      { azimuth: 2.2, elevation: 0.9, sharpness: 14, radiance: 1.6 },
      { azimuth: 0.3, elevation: 0.7, sharpness: 14, radiance: 1.2 },
    ],
  },
  exposure: 1.15,
  design,
  flaws: {
    missing_part: spoilByMissing,
    misplaced_part: spoilByMisplacing,
    solder_bridge: spoilWithBridge,
    scratch: spoilWithScratch,
    contamination: spoilWithContamination,
  },
  paint(surface: Surface, board, streams) {
    rubberMat(surface, streams, BENCH_BLUE);
    paintArtwork(surface, streams);
    for (const part of board.parts) paintPart(surface, part, streams);
    for (const mark of board.marks) mark(surface);
  },
};
