import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import sharp from "sharp";

import type { DatasetCut } from "./cut-transistor.ts";
import { seededRandom } from "./seeded-random.ts";

const SIDE = 256;
const CENTRE = SIDE / 2;

type Random = () => number;
type Defect = {
  /** SVG of the defect over the part. */
  readonly marks: string;
  /** The same shape in white, for the mask. */
  readonly truth: string;
};

const DEFECTS: Record<string, (random: Random) => Defect> = {
  scratch: (random) => {
    const turn = Math.round(random() * 360);
    const line = `<path d="M ${CENTRE - 92} ${CENTRE - 18} q 20 -14 44 8" fill="none" stroke-linecap="round" transform="rotate(${turn} ${CENTRE} ${CENTRE})"`;
    return {
      marks: `${line} stroke="#f6f4ec" stroke-width="4.5"/>`,
      truth: `${line} stroke="#fff" stroke-width="5.5"/>`,
    };
  },
  stain: (random) => {
    const angle = random() * 2 * Math.PI;
    const place = `cx="${CENTRE + 70 * Math.cos(angle)}" cy="${CENTRE + 70 * Math.sin(angle)}" rx="15" ry="11"`;
    return {
      marks: `<ellipse ${place} fill="#3a2413" opacity="0.85"/>`,
      truth: `<ellipse ${place} fill="#fff"/>`,
    };
  },
};

const COUNTS = { trainGood: 24, testGood: 5, perDefect: 4 };

/**
 * Draw a small dataset of machined washers in MVTec layout.
 *
 * Drawn at test time, so that no picture needs a licence or a download. The
 * parts differ in place, turn and light, the defective ones have a scratch or
 * a stain with its exact mask.
 */
export async function makeWashers(target: string): Promise<DatasetCut> {
  const root = join(target, "washer");
  const random = seededRandom(20);
  const draw = async (folder: string, index: number, defect?: Defect): Promise<string> => {
    const name = String(index).padStart(3, "0");
    await mkdir(join(root, folder), { recursive: true });
    await sharp(Buffer.from(part(random, defect?.marks ?? "")))
      .jpeg({ quality: 92 })
      .toFile(join(root, folder, `${name}.jpg`));
    return name;
  };

  for (let i = 0; i < COUNTS.trainGood; i++) await draw("train/good", i);
  for (let i = 0; i < COUNTS.testGood; i++) await draw("test/good", i);
  for (const [kind, make] of Object.entries(DEFECTS)) {
    for (let i = 0; i < COUNTS.perDefect; i++) {
      const defect = make(random);
      const name = await draw(`test/${kind}`, i, defect);
      await mkdir(join(root, "ground_truth", kind), { recursive: true });
      await sharp(Buffer.from(picture(`<rect width="100%" height="100%"/>${defect.truth}`)))
        .greyscale()
        .threshold(128)
        .png()
        .toFile(join(root, "ground_truth", kind, `${name}_mask.png`));
    }
  }
  return {
    category: "washer",
    trainGood: COUNTS.trainGood,
    testGood: COUNTS.testGood,
    testDefective: COUNTS.perDefect * Object.keys(DEFECTS).length,
    sample: "washer/train/good/000.jpg",
  };
}

/** A turned steel washer with six holes on a dark belt, lit from above. */
function part(random: Random, marks: string): string {
  const light = 0.92 + 0.16 * random();
  const grey = (level: number): string => {
    const value = Math.round(Math.min(255, level * light));
    return `rgb(${value},${value},${Math.min(255, value + 5)})`;
  };
  const place = `translate(${(random() - 0.5) * 6} ${(random() - 0.5) * 6}) rotate(${random() * 60} ${CENTRE} ${CENTRE})`;
  const holes = Array.from({ length: 6 }, (_, i) => {
    const angle = (i * Math.PI) / 3;
    const x = CENTRE + 72 * Math.cos(angle);
    const y = CENTRE + 72 * Math.sin(angle);
    return `<circle cx="${x}" cy="${y}" r="10" fill="#191b1e" stroke="${grey(110)}" stroke-width="2"/>`;
  }).join("");
  const rings = Array.from(
    { length: 22 },
    (_, i) =>
      `<circle cx="${CENTRE}" cy="${CENTRE}" r="${46 + 2.6 * i}" fill="none" stroke="${grey(i % 2 === 0 ? 176 : 162)}" stroke-width="1.1" opacity="0.55"/>`,
  ).join("");
  return picture(`
    <defs>
      <filter id="belt"><feTurbulence baseFrequency="0.9" numOctaves="2" seed="${Math.floor(random() * 1e4)}"/>
        <feColorMatrix values="0 0 0 0 0.16  0 0 0 0 0.17  0 0 0 0 0.19  0.5 0 0 0 0.1"/></filter>
      <filter id="grain"><feTurbulence baseFrequency="0.7" numOctaves="1" seed="${Math.floor(random() * 1e4)}"/>
        <feColorMatrix values="0 0 0 0 0  0 0 0 0 0  0 0 0 0 0  0.18 0 0 0 0"/></filter>
      <linearGradient id="metal" x1="0.1" y1="0" x2="0.9" y2="1">
        <stop offset="0" stop-color="${grey(214)}"/><stop offset="0.5" stop-color="${grey(160)}"/>
        <stop offset="1" stop-color="${grey(122)}"/></linearGradient>
    </defs>
    <rect width="100%" height="100%" fill="#24272b"/><rect width="100%" height="100%" filter="url(#belt)"/>
    <g transform="${place}">
      <circle cx="${CENTRE + 4}" cy="${CENTRE + 6}" r="106" fill="#000" opacity="0.35"/>
      <circle cx="${CENTRE}" cy="${CENTRE}" r="104" fill="url(#metal)" stroke="${grey(88)}" stroke-width="2"/>
      ${rings}
      <circle cx="${CENTRE}" cy="${CENTRE}" r="40" fill="#202327" stroke="${grey(96)}" stroke-width="3"/>
      ${holes}
    </g>
    ${marks}
    <rect width="100%" height="100%" filter="url(#grain)"/>`);
}

function picture(inner: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}" viewBox="0 0 ${SIDE} ${SIDE}">${inner}</svg>`;
}
