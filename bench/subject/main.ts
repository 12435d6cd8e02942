/** @file Our side of one benchmark case, in a process of its own so that its memory is its own. */
import { createInterface } from "node:readline";

import type { CaseOptions, Farewell, Ready, Round, Times } from "../protocol.ts";
import { openMetrics } from "./open-metrics.ts";
import { openScoring } from "./open-scoring.ts";
import { openTraining } from "./open-training.ts";
import { openVision } from "./open-vision.ts";
import type { OpenSubject, Subject } from "./subject.ts";

const OPENERS: Readonly<Record<string, OpenSubject>> = {
  training: openTraining,
  scoring: openScoring,
  vision: openVision,
  metrics: openMetrics,
};

/** Runs before the first that counts: buffers are allocated and caches filled. */
const WARM_UP = 2;

function say(message: Ready | Times | Farewell): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

async function runRound(subject: Subject, { runs, seconds }: Round): Promise<number[]> {
  const timesMs: number[] = [];
  const end = performance.now() + 1000 * seconds;
  while (timesMs.length < runs && (timesMs.length === 0 || performance.now() < end)) {
    timesMs.push(await subject.run());
  }
  return timesMs;
}

const [kind = "", argument = "{}"] = process.argv.slice(2);
const open = OPENERS[kind];
if (open === undefined) {
  throw new Error(`Expected one of ${Object.keys(OPENERS).join(", ")}, got "${kind}".`);
}
const start = performance.now();
const subject = await open(JSON.parse(argument) as CaseOptions & Record<string, string>);
const openMs = performance.now() - start;
for (let run = 0; run < WARM_UP; run++) await subject.run();
say({ framework: "Loupe", openMs });

for await (const line of createInterface({ input: process.stdin })) {
  say({ timesMs: await runRound(subject, JSON.parse(line) as Round) });
}
const values = subject.values?.();
await subject.close();
// maxRSS is in KiB on every system.
const peakBytes = process.resourceUsage().maxRSS * 1024;
say({ peakBytes, ...(values === undefined ? {} : { values }) });
