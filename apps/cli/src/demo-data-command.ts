import { resolve } from "node:path";

import { DEMO_COUNTS, DEMO_PRODUCTS, DEMO_SIZE, renderDemoWorld } from "@loupe/demo-world";
import {
  type CommandContext,
  type CommandResult,
  formatDuration,
  readArguments,
  startFolder,
  UsageError,
} from "@loupe/model/cli";

/** `demo-data DIR`: render the demo world's products in MVTec layout. */
export async function demoDataCommand(
  argv: readonly string[],
  { progress, signal }: CommandContext,
): Promise<CommandResult> {
  const given = readArguments(argv, { texts: ["seed"], allowPositionals: true });
  const [folder, ...others] = given.positionals;
  if (folder === undefined || others.length > 0) {
    throw new UsageError(`Expected one folder to render into, got ${given.positionals.length}.`);
  }
  const seed = given.integer("seed", { least: 0, fallback: 0 });
  const dir = resolve(startFolder(), folder);

  const startedAt = performance.now();
  let images = 0;
  for await (const event of renderDemoWorld({ dir, seed, signal })) {
    images = event.done;
    progress.show({ task: "rendering", ...event, detail: event.file });
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const products = DEMO_PRODUCTS.map((product) => product.name);
  return {
    json: { dir, seed, size: DEMO_SIZE, products, counts: DEMO_COUNTS, images, seconds },
    lines: [`${images} images of ${products.join(", ")} in ${formatDuration(seconds)}: ${dir}`],
  };
}
