/**
 * @file Ways to spread an encoder over the cores: `npx tsx bench/encoder-pass/main.ts --encoder NAME`.
 *
 * Prints one JSON object. All ways take turns in one process. Beside the wall time stands the time
 * that the busiest thread itself ran for each image (Linux's schedstat), which other processes on
 * the machine hardly change, and whether every image has the same features each way.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { float32, locateEncoder, openSession, sample, type Session } from "@loupe/model/engine";

import { describeMachine } from "../machine.ts";
import { median } from "../median.ts";

const IMAGES = 16;

type Way = { readonly sessions: number; readonly threads: number; readonly batch: number };

const WAYS: readonly Way[] = [
  { sessions: 1, threads: 2, batch: 1 },
  { sessions: 1, threads: 2, batch: 8 },
  { sessions: 2, threads: 1, batch: 1 },
  { sessions: 2, threads: 1, batch: 4 },
];

const { values } = parseArgs({
  options: {
    encoder: { type: "string", default: "loupe" },
    rounds: { type: "string", default: "5" },
  },
});
const source = await locateEncoder(values.encoder);
const side = source.info.inputSize;
const images = Array.from({ length: IMAGES }, (_, seed) => {
  const { data } = sample({ kind: "uniform", low: -2, high: 2 }, [3, side, side], seed);
  return data as Float32Array;
});

async function openWay({ sessions, threads, batch }: Way): Promise<Session[]> {
  const model = await source.buildModel(batch, "cpu");
  const options = { provider: "cpu", threads } as const;
  return Promise.all(Array.from({ length: sessions }, () => openSession(model, options)));
}

/** Hashes of each image's features. */
async function encodeAll(open: readonly Session[], { batch }: Way): Promise<string[]> {
  const hashes: string[] = [];
  let next = 0;
  const work = async (session: Session): Promise<void> => {
    for (let start = next; start < IMAGES; start = next) {
      next += batch;
      const pixels = new Float32Array(batch * 3 * side * side);
      for (let row = 0; row < batch; row++) {
        pixels.set(images[start + row] ?? [], row * 3 * side * side);
      }
      const feeds = { pixels: float32([batch, 3, side, side], pixels) };
      const outputs = Object.values(await session.run(feeds, { consume: true }));
      for (let row = 0; row < batch; row++) {
        const hash = createHash("sha256");
        for (const { data } of outputs) {
          const size = data.length / batch;
          hash.update(data.slice(row * size, (row + 1) * size) as Uint16Array);
        }
        hashes[start + row] = hash.digest("hex");
      }
    }
  };
  await Promise.all(open.map(work));
  return hashes;
}

/** Milliseconds that each thread of this process has run. */
function threadTimes(): Map<string, number> {
  const folder = "/proc/self/task";
  const read = (thread: string): number =>
    Number(readFileSync(`${folder}/${thread}/schedstat`, "utf8").split(" ")[0]) / 1e6;
  return new Map(readdirSync(folder).map((thread) => [thread, read(thread)]));
}

const runs = await Promise.all(WAYS.map(async (way) => ({ way, open: await openWay(way) })));
const hashes: string[] = [];
const times = new Map(WAYS.map((way) => [way, { wallMs: [] as number[], ranMs: [] as number[] }]));
for (let round = 0; round <= Number(values.rounds); round++) {
  for (const { way, open } of runs) {
    const before = threadTimes();
    const begin = performance.now();
    const seen = await encodeAll(open, way);
    const wallMs = (performance.now() - begin) / IMAGES;
    const ran = [...threadTimes()].map(([thread, ms]) => ms - (before.get(thread) ?? 0));
    // Of several sessions one may take an image more than the other: the mean of the busiest counts.
    const busiest = ran.sort((a, b) => b - a).slice(0, way.sessions);
    hashes.push(seen.join());
    if (round === 0) continue;
    times.get(way)?.wallMs.push(wallMs);
    times.get(way)?.ranMs.push(busiest.reduce((sum, ms) => sum + ms, 0) / way.sessions / IMAGES);
  }
}
await Promise.all(runs.flatMap(({ open }) => open.map((session) => session.close())));
const result = {
  encoder: values.encoder,
  machine: describeMachine(),
  sameFeatures: new Set(hashes).size === 1,
  ways: [...times].map(([way, { wallMs, ranMs }]) => ({
    ...way,
    wallMs: median(wallMs),
    ranMs: median(ranMs),
  })),
};
process.stdout.write(`${JSON.stringify(result)}\n`);
