import { stat } from "node:fs/promises";

import { distil, type DistilEvent, type DistilOptions, type Student } from "../distill/distil.ts";
import { exportStudent } from "../distill/export-student.ts";
import { readCorpus } from "../distill/read-corpus.ts";
import { readLoupeTrunk } from "../encoders/families/loupe.ts";
import { type CommandResult, UsageError } from "./command.ts";
import { sampleCacheFolder } from "./env.ts";
import { formatDuration, type Progress } from "./progress.ts";
import { type Arguments, readArguments } from "./read-arguments.ts";

const DEFAULT_TEACHERS = "inception-v3,resnet18";
const DEFAULT_RATE = "2.5e-3";

function learningRateOf(args: Arguments): number {
  const text = args.text("rate") ?? DEFAULT_RATE;
  const rate = Number(text);
  if (!(rate > 0 && rate < 1)) {
    throw new UsageError(`Expected a number between 0 and 1 for --rate, got "${text}".`);
  }
  return rate;
}

function report(event: DistilEvent, { steps, progress }: { steps: number; progress: Progress }) {
  switch (event.type) {
    case "samples":
      progress.show({ task: "looking", done: event.done, total: event.total });
      break;
    case "resumed":
      progress.note(`resumed from the checkpoint of step ${event.step}`);
      break;
    case "step": {
      const left = (steps - event.step) / event.stepsPerSecond;
      const cosines = Object.values(event.terms).map((cosine) => cosine.toFixed(2));
      progress.show({
        task: "step",
        done: event.step,
        total: steps,
        detail:
          `loss ${event.loss.toFixed(4)} · cosines ${cosines.join(" ")} · ` +
          `${event.stepsPerSecond.toFixed(2)} steps/s · ${formatDuration(left)} left`,
      });
      break;
    }
    case "checkpoint":
      break;
  }
}

async function distilToEnd(
  options: DistilOptions,
  { out, progress }: { out: string; progress: Progress },
): Promise<{ file: string; loss: number }> {
  const { corpus, teachers, batch, learningRate, seed } = options;
  const write = (student: Student, step: number): Promise<string> =>
    exportStudent(out, student, {
      "loupe.recipe": JSON.stringify({
        steps: step,
        batch,
        rate: learningRate,
        seed,
        teachers,
        pictures: corpus.length,
      }),
    });
  let loss = Number.NaN;
  const events = distil(options);
  for (;;) {
    const next = await events.next();
    if (next.done === true) return { file: await write(next.value, options.steps), loss };
    report(next.value, { steps: options.steps, progress });
    if (next.value.type === "step") loss = next.value.loss;
    // A run that is cut off leaves an encoder that can be tried.
    if (next.value.type === "checkpoint") await write(next.value.student, next.value.step);
  }
}

/** `distill`: teach the encoder that ships from larger ones. */
export async function distillCommand(
  argv: readonly string[],
  { progress, signal }: { progress: Progress; signal: AbortSignal },
): Promise<CommandResult> {
  const args = readArguments(argv, {
    texts: ["corpus", "teachers", "out", "from", "steps", "batch", "rate", "seed", "threads"],
    flags: ["resume"],
  });
  const out = args.path("out", "DIR, the encoder's folder to write");
  const corpusPath = args.path("corpus", "FILE or DIR, the pictures to learn from");
  const checkpointFile = `${out}.checkpoint.safetensors`;
  if (!args.flag("resume") && (await stat(checkpointFile).catch(() => null)) !== null) {
    throw new UsageError(
      `There is a run in ${checkpointFile}: go on with --resume, or remove the file to start anew.`,
    );
  }
  const from =
    args.text("from") === null ? null : args.path("from", "DIR, an encoder to begin with");
  const steps = args.integer("steps", { least: 1, fallback: 3000 });
  const options: DistilOptions = {
    corpus: await readCorpus(corpusPath),
    teachers: (args.text("teachers") ?? DEFAULT_TEACHERS).split(",").map((name) => name.trim()),
    steps,
    batch: args.integer("batch", { least: 1, fallback: 8 }),
    seed: args.integer("seed", { least: 0, fallback: 1 }),
    threads: args.integer("threads", { least: 1, fallback: 2 }),
    learningRate: learningRateOf(args),
    cacheDir: sampleCacheFolder(),
    checkpointFile,
    checkpointEverySteps: 100,
    ...(from === null ? {} : { start: await readLoupeTrunk(from) }),
    signal,
  };
  const { file, loss } = await distilToEnd(options, { out, progress });
  return {
    json: { file, steps, loss, pictures: options.corpus.length },
    lines: [
      `Distilled ${options.teachers.join(" and ")} in ${steps} steps: loss ${loss.toFixed(4)}.`,
      `Encoder: ${file}`,
    ],
  };
}
