/**
 * @file How the live site carries a crowd: `npm run -s bench:crowd -- [--people 1000] [--json]`.
 *
 * A web process (the real one without pages) on a database of its own, and in a second process
 * people with sockets who all come at once, go from case to case, and judge.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { describeMachine } from "../machine.ts";
import { fillSite } from "./fill-site.ts";
import { openSite } from "./open-site.ts";
import type { CrowdReport, CrowdTask } from "./people/protocol.ts";

type Case = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** At most this; null where nothing has been promised. */
  readonly target: number | null;
  readonly holds: boolean;
};

const MOVE_EVERY_MS = 5_000;

const { values } = parseArgs({
  options: {
    people: { type: "string", default: "1000" },
    verdicts: { type: "string", default: "100" },
    pace: { type: "string", default: "5" },
    json: { type: "boolean", default: false },
  },
});

const site = await openSite();
try {
  const crowd = await fillSite(site.services, {
    people: Number(values.people),
    cases: Number(values.verdicts),
  });
  const report = await send({
    address: site.address,
    origin: site.origin,
    projectId: crowd.projectId,
    cookies: crowd.cookies,
    cases: crowd.cases.map(({ id, version }) => ({ id, version })),
    pace: Number(values.pace),
    moveEveryMs: MOVE_EVERY_MS,
  });
  print(judge(report));
} finally {
  await site.close();
}

async function send(task: CrowdTask): Promise<CrowdReport> {
  const people = fork(fileURLToPath(new URL("people/main.ts", import.meta.url)), {
    execArgv: ["--import", "tsx"],
  });
  people.send(task);
  const answered = once(people, "message").then(([report]) => report as CrowdReport);
  const ended = once(people, "exit").then(([code]) => {
    throw new Error(`The people ended with ${String(code)} before they told what they saw.`);
  });
  return Promise.race([answered, ended]);
}

function judge(report: CrowdReport): Case[] {
  const sorted = [...report.verdictMs].sort((a, b) => a - b);
  const share = (part: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
  const figures: [name: string, value: number, unit: string, target: number | null][] = [
    ["everyone is in and present", report.joinMs / 1000, "s", 10],
    ["people", report.joined, "people", null],
    ["verdict to another browser, median", share(0.5), "ms", null],
    ["verdict to another browser, 95 %", share(0.95), "ms", 150],
    ["verdict to another browser, worst", share(1), "ms", null],
    ["verdicts that did not arrive", report.lost, "events", 0],
    ["presence messages to all", report.presencePerSecond, "1/s", null],
    ["presence messages to one browser", report.mostPresencePerSecond, "1/s", 4],
    ["people of whom one browser knows", report.mostShown, "people", 50],
    // Above 1 something else was at work, and the times above are the machine's rather than ours.
    ["load of the machine", (loadavg()[0] ?? 0) / cpus().length, "a core", null],
  ];
  return figures.map(([name, value, unit, target]) => ({
    name,
    value: Math.round(value * 100) / 100,
    unit,
    target,
    holds: target === null || value <= target,
  }));
}

function print(cases: readonly Case[]): void {
  const holds = cases.every((one) => one.holds);
  if (values.json) {
    const result = { suite: "crowd", machine: describeMachine(), cases, holds };
    process.stdout.write(`${JSON.stringify(result)}\n`);
    return;
  }
  for (const { name, value, unit, target, holds: one } of cases) {
    const promise =
      target === null ? "" : one ? ` (at most ${target}: holds)` : ` (MORE THAN ${target})`;
    process.stdout.write(`${name}: ${value} ${unit}${promise}\n`);
  }
}
