import { BankSettings } from "../catalog/methods/bank/settings.ts";
import { probeEncoder, type ProbeEvent, probeSettings } from "../ablate/probe-encoder.ts";
import { testImages } from "../ablate/test-images.ts";
import type { CategoryMetrics } from "../detector/detector-types.ts";
import { chooseEncoder } from "./choose-encoder.ts";
import { type CommandResult, UsageError } from "./command.ts";
import { featureCacheFolder } from "./env.ts";
import type { Progress } from "./progress.ts";
import { type Arguments, readArguments } from "./read-arguments.ts";
import { scanFolders, withTraining } from "./scan-folders.ts";
import { showTraining } from "./show-training.ts";

function show(event: ProbeEvent, progress: Progress, label: string): void {
  if (event.type === "unreadable") progress.note(event.error);
  if (event.type === "image" || event.type === "unreadable") {
    progress.show({ task: `${label}scoring`, done: event.done, total: event.total });
  } else showTraining(event, progress, label);
}

/** The mean over the categories in which a metric is defined. */
function meanOf(measured: readonly CategoryMetrics[], metric: "iAuroc" | "pAuroc"): number | null {
  const values = measured.map((each) => each[metric]).filter((value) => value !== null);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function shown(value: number | null): string {
  return value === null ? "–" : value.toFixed(4);
}

function settingsOf(args: Arguments, usual: BankSettings): BankSettings {
  const given = {
    ...(args.text("layers") !== null && { layers: args.text("layers") }),
    ...(args.text("joined") !== null && { joined: args.text("joined") }),
    ...(args.text("border") !== null && { border: args.text("border") }),
  };
  const parsed = BankSettings.safeParse({ ...usual, ...given });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`--${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not understood"}`);
}

/** `probe`: how well an encoder's features alone tell good from defective images. */
export async function probeCommand(
  argv: readonly string[],
  { progress, signal }: { progress: Progress; signal: AbortSignal },
): Promise<CommandResult> {
  const args = readArguments(argv, {
    texts: ["encoder", "provider", "every", "layers", "joined", "border"],
    lists: ["data"],
  });
  const folders = args.paths("data", "DIR, one category or a folder of categories");
  const every = args.integer("every", { least: 1, fallback: 1 });
  const provider = args.provider();
  const categories = withTraining(await scanFolders(folders), folders);
  const encoder = await chooseEncoder(args.text("encoder"));
  const settings = settingsOf(args, probeSettings(encoder));

  const measured: (CategoryMetrics & { readonly name: string })[] = [];
  for (const category of categories) {
    const test = testImages([category], every);
    if (test.length === 0)
      throw new Error(`Expected images in ${category.name}'s test/, got none.`);
    const shared = { encoder, category, test, settings, provider, signal };
    const probing = probeEncoder({ ...shared, cacheDir: featureCacheFolder() });
    for (;;) {
      const next = await probing.next();
      if (next.done === true) {
        measured.push({ name: category.name, ...next.value });
        break;
      }
      show(next.value, progress, categories.length > 1 ? `${category.name}: ` : "");
    }
  }
  const mean = { iAuroc: meanOf(measured, "iAuroc"), pAuroc: meanOf(measured, "pAuroc") };
  const lines = measured.map(
    ({ name, iAuroc, pAuroc }) => `${name}  image ${shown(iAuroc)}  pixel ${shown(pAuroc)}`,
  );
  if (measured.length > 1) {
    lines.push(`mean  image ${shown(mean.iAuroc)}  pixel ${shown(mean.pAuroc)}`);
  }
  const layers =
    settings.layers === "encoder" ? "its layers" : `blocks ${settings.layers}, of which`;
  lines.push(`${encoder.name}, ${layers} ${settings.joined}; AUROC.`);
  return { json: mean, lines };
}
