import { fileURLToPath } from "node:url";

import { type Command, type Contestant, startContestant } from "./contestant.ts";
import { hasPeers, peerPython } from "./env.ts";
import { median } from "./median.ts";
import type { Round } from "./protocol.ts";
import { type Absence, type CaseResult, type Figures, isMeasured } from "./suite-result.ts";
import type { BenchCase } from "./suites.ts";

export type Pace = Round & {
  /** Rounds of all contestants in turn, so that a busy minute hits every one of them. */
  readonly rounds: number;
  /** How long PyTorch's compiler may take before it is left out. */
  readonly compileSeconds: number;
};

const READY_WITHIN_MS = 120_000;

type Side = {
  readonly framework: string;
  readonly command: Command;
  readonly readyWithinMs: number;
};

type Entry = {
  readonly side: Side;
  readonly times: number[];
  contestant: Contestant | null;
  reason: string | null;
};

type CaseEntries = { readonly bench: BenchCase; readonly ours: Entry; readonly peers: Entry[] };

function path(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

function ourSide({ kind, options }: BenchCase): Side {
  const args = ["--import", "tsx", path("./subject/main.ts"), kind, JSON.stringify(options)];
  return {
    framework: "Loupe",
    command: { program: process.execPath, args },
    readyWithinMs: READY_WITHIN_MS,
  };
}

function peerSides({ kind, options, peer, compiled }: BenchCase, pace: Pace): Side[] {
  if (peer === null) return [];
  const side = (framework: string, compile: boolean): Side => ({
    framework,
    command: {
      program: peerPython(),
      args: [path(`./peers/${peer}`), kind, JSON.stringify({ ...options, compile })],
    },
    readyWithinMs: compile ? 1000 * pace.compileSeconds : READY_WITHIN_MS,
  });
  const eager = side(kind === "metrics" ? "scikit-learn" : "PyTorch eager", false);
  return compiled ? [eager, side("torch.compile", true)] : [eager];
}

/** Starts one after the other: a start keeps every core busy. */
async function start(entry: Entry): Promise<void> {
  const { command, readyWithinMs } = entry.side;
  try {
    entry.contestant = await startContestant(command, readyWithinMs);
  } catch (error) {
    entry.reason = error instanceof Error ? error.message : String(error);
  }
}

async function figuresOf({ side, times, contestant, reason }: Entry): Promise<Figures | Absence> {
  if (contestant === null) {
    return { framework: side.framework, reason: reason ?? "not started" };
  }
  const farewell = await contestant.finish();
  return {
    framework: contestant.ready.framework,
    openMs: contestant.ready.openMs,
    medianMs: median(times),
    bestMs: Math.min(...times),
    runs: times.length,
    ratio: null,
    ...farewell,
  };
}

async function resultOf({ bench, ours, peers }: CaseEntries): Promise<CaseResult> {
  const our = await figuresOf(ours);
  const theirs: (Figures | Absence)[] = [];
  for (const peer of peers) {
    const figures = await figuresOf(peer);
    const ratio = isMeasured(figures) && isMeasured(our) ? figures.medianMs / our.medianMs : null;
    theirs.push(isMeasured(figures) ? { ...figures, ratio } : figures);
  }
  const { name, title, options } = bench;
  return { name, title, options, ours: our, peers: theirs, costOverBaseline: null };
}

/** Our medians over that of the case that each is measured by. */
function withBaselines(results: readonly CaseResult[], cases: readonly BenchCase[]): CaseResult[] {
  return results.map((result, index) => {
    const base = results.find(({ name }) => name === cases[index]?.baseline);
    if (base === undefined || !isMeasured(base.ours) || !isMeasured(result.ours)) return result;
    return { ...result, costOverBaseline: result.ours.medianMs / base.ours.medianMs };
  });
}

/** Time every case: all sides are loaded first, then take turns. */
export async function runSuite(cases: readonly BenchCase[], pace: Pace): Promise<CaseResult[]> {
  const withPeers = await hasPeers();
  const entryOf = (side: Side): Entry => ({ side, times: [], contestant: null, reason: null });
  const entries = cases.map((bench): CaseEntries => ({
    bench,
    ours: entryOf(ourSide(bench)),
    peers: withPeers ? peerSides(bench, pace).map(entryOf) : [],
  }));
  const all = entries.flatMap(({ ours, peers }) => [ours, ...peers]);
  for (const entry of all) await start(entry);
  for (let round = 0; round < pace.rounds; round++) {
    for (const entry of all) {
      entry.times.push(...((await entry.contestant?.run(pace)) ?? []));
    }
  }
  const results: CaseResult[] = [];
  for (const entry of entries) results.push(await resultOf(entry));
  return withBaselines(results, cases);
}
