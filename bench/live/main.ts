/**
 * @file How live the product is: `npm run -s bench:live -- --address URL --home DIR --data DIR --encoder NAME`.
 *
 * Against a running Loupe (`--home` is its LOUPE_HOME) it imports a folder, trains, and gives 50
 * verdicts, and prints one JSON object: milliseconds from the end of a training step, and from the
 * sending of a verdict, until another person's socket has it.
 */
import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";

import type { ProjectEvent, ProjectTelemetry } from "@loupe/contracts";
import { RUN_DEFAULTS } from "@loupe/model/catalog";

import { describeMachine } from "../machine.ts";
import { median } from "../median.ts";
import { JournalClock } from "./journal-clock.ts";
import { ProductClient } from "./product-client.ts";

const PASSWORD = "loupe-demo";
const VERDICTS = 50;

const USAGE =
  "Usage: npm run -s bench:live -- --address URL --home DIR --data DIR [--encoder NAME] [--steps N]\n";

function readOptions() {
  try {
    return parseArgs({
      options: {
        address: { type: "string" },
        home: { type: "string" },
        data: { type: "string" },
        encoder: { type: "string", default: "resnet18" },
        steps: { type: "string", default: "60" },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch {
    process.stderr.write(USAGE);
    process.exit(2);
  }
}

const values = readOptions();
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const { address, home, data, encoder } = values;
if (address === undefined || home === undefined || data === undefined) {
  process.stderr.write("Expected --address URL, --home DIR and --data DIR of a running Loupe.\n");
  process.exit(2);
}

const engineer = await ProductClient.signIn(address, "engineer@demo.loupe.local", PASSWORD);
const reviewer = await ProductClient.signIn(address, "reviewer@demo.loupe.local", PASSWORD);

const project = await engineer.mutate<{ id: string }>("projects.create", {
  name: `Bench ${randomUUID().slice(0, 8)}`,
});
const projectId = project.id;
const importId = await engineer.importFolder(projectId, data);
await until(async () => {
  const { status } = await engineer.query<{ status: string }>("data.import", {
    projectId,
    importId,
  });
  return status === "succeeded";
});

const arrivals = new Map<string, number>();
const listener = await reviewer.listen(projectId, (news) => {
  for (const key of keysOf(news)) if (!arrivals.has(key)) arrivals.set(key, Date.now());
});
const points = await measurePoints();
const verdicts = await measureVerdicts();
listener.close();

const result = {
  bench: "live",
  point: summarise(points),
  verdict: summarise(verdicts),
  machine: describeMachine(),
};
process.stdout.write(`${JSON.stringify(result)}\n`);

/** Milliseconds from a step's line in the journal to the other person's socket, for each step. */
async function measurePoints(): Promise<number[]> {
  await engineer.mutate("data.freeze", { projectId });
  const version = await awaitVersion();
  const steps = Number(values.steps);
  const run = await engineer.mutate<{ id: string }>("runs.start", {
    projectId,
    datasetVersionId: version.id,
    method: RUN_DEFAULTS.method,
    encoder,
    steps,
    batch: 4,
    seed: 0,
    provider: "cpu",
    settings: {},
    idempotencyKey: randomUUID(),
  });
  const clock = new JournalClock(home ?? "", run.id);
  await until(async () => {
    const { status } = await engineer.query<{ status: string }>("runs.get", {
      projectId,
      runId: run.id,
    });
    if (status === "failed") throw new Error("The run failed; its page says why.");
    return status === "succeeded";
  });
  clock.stop();
  const delays: number[] = [];
  for (let step = 1; step <= steps; step++) {
    const written = clock.writtenAt(step);
    const arrived = arrivals.get(`step:${step}`);
    if (written !== undefined && arrived !== undefined) delays.push(arrived - written);
  }
  return delays;
}

/** Milliseconds from sending a verdict to the other person's socket, for 50 verdicts in turn. */
async function measureVerdicts(): Promise<number[]> {
  const { rows } = await engineer.query<{ rows: { id: string }[] }>("review.cases", {
    projectId,
    state: "all",
  });
  const delays: number[] = [];
  for (let i = 0; i < VERDICTS; i++) {
    const caseId = rows[i % rows.length]?.id ?? "";
    const { version } = await engineer.query<{ version: number }>("review.case", {
      projectId,
      caseId,
    });
    const sentAt = Date.now();
    const given = await engineer.mutate<{ version: number }>("review.verdict", {
      projectId,
      caseId,
      value: i % 2 === 0 ? "good" : "unsure",
      seenVersion: version,
      idempotencyKey: randomUUID(),
      // Some of the cases may be decided already.
      overturnReason: "Measured",
    });
    const key = `verdict:${caseId}:${given.version}`;
    await until(() => Promise.resolve(arrivals.has(key)));
    delays.push((arrivals.get(key) ?? Number.NaN) - sentAt);
  }
  return delays;
}

function keysOf({ body }: ProjectEvent | ProjectTelemetry): string[] {
  if (body.type === "run.points") return body.points.map(({ step }) => `step:${step}`);
  if (body.type === "case.verdict") return [`verdict:${body.caseId}:${body.version}`];
  return [];
}

/** The version that is being frozen, once it is there. */
async function awaitVersion(): Promise<{ id: string }> {
  const frozen: { id: string }[] = [];
  await until(async () => {
    const [freeze] = await engineer.query<{ version: { id: string } | null }[]>("data.freezes", {
      projectId,
    });
    if (freeze?.version != null) frozen.push(freeze.version);
    return frozen.length > 0;
  });
  const [version] = frozen;
  if (version === undefined) throw new Error("Expected a frozen version");
  return version;
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 600_000;
  while (!(await isDone())) {
    if (Date.now() > deadline) throw new Error("Waited for ten minutes in vain.");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function summarise(delays: readonly number[]): { medianMs: number; worstMs: number; n: number } {
  return { medianMs: median(delays), worstMs: Math.max(...delays), n: delays.length };
}
