import { ABLATION_TABLES } from "../catalog/ablation-tables.ts";
import { PRESET_NAMES } from "../catalog/method-entry.ts";
import { METHOD_NAMES, RUN_DEFAULTS } from "../catalog/methods.ts";
import { PROVIDERS } from "../catalog/providers.ts";
import { ablateCommand } from "./ablate-command.ts";
import { type Command, UsageError } from "./command.ts";
import { distillCommand } from "./distill-command.ts";
import { encodersCommand } from "./encoders-command.ts";
import { evalCommand } from "./eval-command.ts";
import { printable, printableJson } from "./printable.ts";
import { probeCommand } from "./probe-command.ts";
import { Progress } from "./progress.ts";
import { scoreCommand } from "./score-command.ts";
import { trainCommand } from "./train-command.ts";

/** Commands of what stands above the library, by name; `usage` is their line of the usage. */
type MoreCommands = Readonly<Record<string, { readonly usage: string; readonly run: Command }>>;

function describeUsage(more: MoreCommands): string {
  const added = Object.values(more).map(({ usage }) => `  ${usage}\n`);
  return `Usage: npm run -s loupe -- COMMAND …, progress on stderr, result on stdout

Commands
  train --data DIR… --out FILE         learn a detector from images of good parts
  eval --model FILE --data DIR…        measure a detector on test images
  score --model FILE IMAGE…            score single images
  probe --data DIR…                    how well an encoder's features alone tell good from bad
  ablate --data DIR… --out FILE        train the rows of a comparison and show them in one table
  encoders list | pull NAME | path NAME
${added.join("")}  distill --corpus DIR|FILE --out DIR  teach the encoder that ships from larger ones

train
  --data DIR            one category or a folder of categories in MVTec layout; repeatable
  --out FILE            the detector; with --one-class a folder, or NAME for NAME-category
  --method NAME         ${METHOD_NAMES.join(", ")} (${RUN_DEFAULTS.method})
  --preset NAME         ${PRESET_NAMES.join(", ")}: settings, steps and batch (fast)
  --set NAME=VALUE      one setting over the preset's, nested ones dotted; repeatable
  --settings JSON       the same as one object
  --plugin decad        a plug-in in front of the decoder of rd, uniad or rd-conv
  --one-class           one model for each category instead of one for all
  --encoder NAME|PATH   --steps N   --batch N   --seed N   --provider ${PROVIDERS.join("|")}

eval, score
  --model FILE   --data DIR (eval, repeatable)   --out DIR (score: overlays)   --provider …
  --encoder NAME|PATH   where the model's encoder lies, if not under its name
  --category NAME       score: the category's own colours and standard scores
  --cached              eval: keep the encoder's features of the images, and use what is kept

probe
  --encoder NAME|PATH   --data DIR (repeatable)   --every K   --provider …
  --layers A,B,C        blocks of a vision transformer   --joined 2+3   --border clip|reflect|omit

ablate
  --table NAME          ${Object.keys(ABLATION_TABLES).join(", ")} (methods)
  --rows A,B            some of its rows   --seeds 0,1,2   --every K   every k-th test image
  --out FILE            finished rows as JSON lines; what is there is not trained again
  --data, --preset, --set, --plugin, --encoder, --steps, --batch, --provider as for train

distill
  --corpus DIR|FILE     images of any kind, or a list of them: one path a line
  --out DIR             the encoder's folder; the run's state is kept beside it
  --teachers A,B        encoders to learn from (inception-v3,resnet18)
  --from DIR            begin with the weights of such an encoder instead of random ones
  --resume              go on with the run that --out has; --steps may have changed
  --steps N   --batch N   --rate R   --seed N   --threads N

Every command takes --json: one JSON object as the last line of stdout.
`;
}

/** Every command by its name, in the order of the usage: those of the caller before `distill`. */
function listCommands(more: MoreCommands): ReadonlyMap<string, Command> {
  return new Map<string, Command>([
    ["train", trainCommand],
    ["eval", evalCommand],
    ["score", scoreCommand],
    ["probe", probeCommand],
    ["ablate", ablateCommand],
    ["encoders", encodersCommand],
    ...Object.entries(more).map(([name, { run }]) => [name, run] as const),
    ["distill", distillCommand],
  ]);
}

/** Exit code of a process that was interrupted, as shells report it. */
const INTERRUPTED = 130;
/** npm, tsx and the terminal may each pass on one Ctrl-C; only a later one means "at once". */
const SAME_INTERRUPT_MS = 1500;

function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  let firstAt = 0;
  const interrupt = (): void => {
    const now = performance.now();
    if (controller.signal.aborted && now - firstAt > SAME_INTERRUPT_MS) process.exit(INTERRUPTED);
    if (!controller.signal.aborted) firstAt = now;
    controller.abort();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return controller.signal;
}

/** Run one call. @returns its exit code */
export async function runLoupe(argv: readonly string[], more: MoreCommands = {}): Promise<number> {
  if (argv.length === 0 || argv.includes("--help") || argv.includes("-h")) {
    process.stdout.write(describeUsage(more));
    return argv.length === 0 ? 2 : 0;
  }
  const [name = "", ...rest] = argv;
  const commands = listCommands(more);
  const signal = interruptSignal();
  try {
    const run = commands.get(name);
    if (run === undefined) {
      const names = [...commands.keys()].join(", ");
      throw new UsageError(`Expected one of the commands ${names}, got "${name}".`);
    }
    const {
      json,
      lines,
      exitCode = 0,
    } = await run(rest, {
      progress: new Progress(process.stderr),
      signal,
    });
    const output = argv.includes("--json") ? [printableJson(json)] : lines.map(printable);
    process.stdout.write(`${output.join("\n")}\n`);
    return exitCode;
  } catch (error) {
    if (signal.aborted) return INTERRUPTED;
    process.stderr.write(`${printable(error instanceof Error ? error.message : String(error))}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}
