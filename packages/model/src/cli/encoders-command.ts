import { ENCODER_CATALOGUE } from "../catalog/encoder-catalogue.ts";
import type { EncoderInfo } from "../catalog/encoder-info.ts";
import { findEncoder, listEncoders } from "../encoders/find-encoder.ts";
import { pullEncoder } from "../encoders/hub/pull-encoder.ts";
import { type CommandResult, UsageError } from "./command.ts";
import { formatDuration, type Progress } from "./progress.ts";
import { readArguments } from "./read-arguments.ts";

type Context = { readonly progress: Progress; readonly signal: AbortSignal };

const VERBS = "encoders list, encoders pull NAME or encoders path NAME";

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}

function oneName(argv: readonly string[], verb: string): string {
  const { positionals } = readArguments(argv, { texts: [], allowPositionals: true });
  const [name, ...others] = positionals;
  if (name === undefined || others.length > 0) {
    throw new UsageError(`Expected encoders ${verb} with one name, got ${positionals.length}.`);
  }
  return name;
}

function line({ name, family, inputSize, layers, text, sizeBytes, path }: EncoderInfo): string {
  const maps = layers.map((layer) => `${layer.name} (${layer.channels})`).join(", ");
  const tower = text === null ? "" : "  with a text tower";
  return `${name}  ${family} at ${inputSize} px  ${maps}${tower}  ${megabytes(sizeBytes)} MB  ${path}`;
}

async function list(argv: readonly string[]): Promise<CommandResult> {
  readArguments(argv, { texts: [] });
  const encoders = await listEncoders();
  const here = new Set(encoders.map((encoder) => encoder.name));
  const available = ENCODER_CATALOGUE.filter(({ name }) => !here.has(name)).map(
    ({ name, title, repository, sizeBytes, licence, hasText }) => {
      return { name, title, repository, sizeBytes, licence, hasText };
    },
  );
  const present =
    encoders.length === 0
      ? ["None here. Put an encoder into a folder and set LOUPE_ENCODERS to that folder, or pull:"]
      : [...encoders.map(line), "", "To be had with encoders pull NAME:"];
  const others = available.map(
    ({ name, title, sizeBytes, licence }) =>
      `${name}  ${title}  ${megabytes(sizeBytes)} MB  ${licence}`,
  );
  return { json: { encoders, available }, lines: [...present, ...others] };
}

async function pull(
  argv: readonly string[],
  { progress, signal }: Context,
): Promise<CommandResult> {
  const name = oneName(argv, "pull");
  const startedAt = performance.now();
  const pulling = pullEncoder({ name, signal });
  for (;;) {
    const next = await pulling.next();
    if (next.done === true) {
      const seconds = (performance.now() - startedAt) / 1000;
      const lines = [line(next.value), `There after ${formatDuration(seconds)}.`];
      return { json: { encoder: next.value, seconds }, lines };
    }
    const { doneBytes, totalBytes } = next.value;
    const [done, total] = [megabytes(doneBytes), megabytes(totalBytes)];
    progress.show({ task: "fetching", done, total, detail: "MB" });
  }
}

/** `encoders list | pull NAME | path NAME`: what is here, what can be fetched, where it lies. */
export async function encodersCommand(
  argv: readonly string[],
  context: Context,
): Promise<CommandResult> {
  const [verb, ...rest] = argv;
  if (verb === "list") return list(rest);
  if (verb === "pull") return pull(rest, context);
  if (verb === "path") {
    const { name, path } = await findEncoder(oneName(rest, "path"));
    return { json: { name, path }, lines: [path] };
  }
  throw new UsageError(`Expected ${VERBS}, got "encoders ${argv.join(" ")}".`);
}
