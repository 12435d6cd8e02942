import { runAblation, type AblationOptions } from "../ablate/run-ablation.ts";
import type { AblationResult } from "../ablate/ablation-record.ts";
import { metricNames, type RowSummary, summariseAblation } from "../ablate/summarise-ablation.ts";
import { ABLATION_TABLES } from "../catalog/ablation-tables.ts";
import type { AblationRow, AblationTable } from "../catalog/ablation.ts";
import { parseSettings } from "../catalog/parse-settings.ts";
import { chooseEncoder } from "./choose-encoder.ts";
import { type CommandResult, UsageError } from "./command.ts";
import { featureCacheFolder } from "./env.ts";
import { formatAblation } from "./format-ablation.ts";
import type { Progress } from "./progress.ts";
import { type Arguments, readArguments } from "./read-arguments.ts";
import { asUsage, readAssignments, readPreset } from "./read-settings.ts";
import { scanFolders, withTraining } from "./scan-folders.ts";
import { showTraining } from "./show-training.ts";

function tableOf(args: Arguments): AblationTable {
  const known = Object.keys(ABLATION_TABLES);
  const name = args.choice("table", known, "methods");
  const table = ABLATION_TABLES[name];
  if (table === undefined) throw new UsageError(`Expected --table ${known.join(", ")}.`);
  return table;
}

function rowsOf(args: Arguments, { name, rows }: AblationTable): AblationRow[] {
  const wanted = args.text("rows")?.split(",") ?? rows.map((row) => row.name);
  return wanted.map((each) => {
    const found = rows.find((row) => row.name === each);
    if (found !== undefined) return found;
    const known = rows.map((row) => row.name).join(", ");
    throw new UsageError(`Expected --rows of ${name} among ${known}, got "${each}".`);
  });
}

async function runToEnd(options: AblationOptions, progress: Progress): Promise<AblationResult[]> {
  const events = runAblation(options);
  for (;;) {
    const next = await events.next();
    if (next.done === true) return next.value;
    const event = next.value;
    const label = `${event.row} seed ${event.seed}: `;
    if (event.type === "training") {
      const part = event.category === null ? "" : `${event.category} `;
      showTraining(event.event, progress, label + part);
    } else if (event.type === "evaluating") {
      progress.show({ task: `${label}scoring`, done: event.done, total: event.total });
    } else if (event.isKept) progress.note(`${label}kept from ${options.outFile}`);
  }
}

function asJson(rows: readonly RowSummary[]) {
  return rows.map(({ name, title, seeds, mean, difference, categories, paper, seconds }) => ({
    row: name,
    title,
    seeds,
    mean,
    difference,
    categories,
    paper,
    seconds,
  }));
}

/** `ablate`: train the rows of a comparison alike and show them in one table. */
export async function ablateCommand(
  argv: readonly string[],
  { progress, signal }: { progress: Progress; signal: AbortSignal },
): Promise<CommandResult> {
  const args = readArguments(argv, {
    texts: [
      ...["table", "encoder", "steps", "batch", "seeds", "rows", "every", "out"],
      ...["provider", "preset", "plugin"],
    ],
    lists: ["data", "set"],
  });
  const table = tableOf(args);
  const rows = rowsOf(args, table);
  const folders = args.paths("data", "DIR, one category or a folder of categories");
  const outFile = args.path("out", "FILE, the record of finished rows");
  const preset = readPreset(args);
  const set = readAssignments(args);
  const length = (name: string): number | null =>
    args.text(name) === null ? null : args.integer(name, { least: 1, fallback: 1 });
  for (const { method, settings } of rows) {
    asUsage(() => parseSettings(method, { preset, settings, set }));
  }
  const encoder = await chooseEncoder(args.text("encoder"));
  const categories = withTraining(await scanFolders(folders), folders);
  const options: AblationOptions = {
    rows,
    categories,
    encoder: encoder.path,
    preset,
    set,
    steps: length("steps"),
    batch: length("batch"),
    seeds: args.integers("seeds", [0, 1, 2]),
    every: args.integer("every", { least: 1, fallback: 1 }),
    provider: args.provider(),
    cacheDir: featureCacheFolder(),
    outFile,
    signal,
  };
  const results = await runToEnd(options, progress);
  const summaries = summariseAblation(rows, results);
  const names = categories.map((category) => category.name);
  return {
    json: { table: table.name, encoder: encoder.name, categories: names, rows: asJson(summaries) },
    lines: formatAblation(
      { table, encoder: encoder.name, metrics: metricNames(results) },
      summaries,
    ),
  };
}
