import { z } from "zod";

import { EncoderInfo, EncoderName } from "../catalog/encoder-info.ts";
import type { MethodEntry } from "../catalog/method-entry.ts";
import { METHOD_NAMES, METHODS } from "../catalog/methods.ts";

const VERSION = 1;

/** What a file may claim at most; memory and time follow from most of these numbers. */
const MAX = {
  count: 1_000_000_000,
  categories: 10_000,
  name: 1_000,
  text: 2_000,
  settings: 1_000,
  header: 8_000_000,
} as const;

const Score = z.number().refine(Number.isFinite);
const Count = z.int().positive().max(MAX.count);
const CategoryName = z.string().max(MAX.name);

function isSmall(record: Readonly<Record<string, unknown>>, most: number): boolean {
  return Object.keys(record).length <= most;
}

const Calibration = z.strictObject({
  scale: z.strictObject({ min: Score, max: Score }),
  /** Image scores of the training images. */
  scores: z.strictObject({ images: Count, mean: Score, deviation: Score, max: Score }),
});

/** Everything in a detector file that is not a tensor. */
export const DetectorHeader = z.strictObject({
  version: z.literal(VERSION),
  method: z.enum(METHOD_NAMES),
  /** Checked by the method's own schema, which has a bound for each number. */
  settings: z
    .record(z.string().max(MAX.name), z.unknown())
    .refine((settings) => isSmall(settings, MAX.settings)),
  /** What the method did differently because of its encoder, in one sentence. */
  note: z.string().max(MAX.text).nullable().default(null),
  /**
   * The encoder by name and content; its weights are not in the file. Where it lay is not kept, and
   * what the file of an older Loupe says of it is not read: a file chooses no folder of a machine.
   */
  encoder: EncoderInfo.extend({
    name: EncoderName,
    path: z.unknown().transform(() => null),
    sha256: z.hex().length(64),
  }),
  categories: z.array(CategoryName).max(MAX.categories),
  training: z.strictObject({
    steps: Count,
    batch: Count,
    seed: z.int(),
    images: Count,
    loss: Score,
  }),
  /** What scores are held against where the category has no cells of its own; null: they are raw. */
  standard: z.strictObject({ base: Score, spread: Score.positive() }).nullable().default(null),
  ...Calibration.shape,
  /** The same for each category that had enough training images; the file of an older Loupe has none. */
  byCategory: z
    .record(CategoryName, Calibration)
    .refine((calibrations) => isSmall(calibrations, MAX.categories))
    .default({}),
});
export type DetectorHeader = z.infer<typeof DetectorHeader>;

/**
 * The header of a detector file, every number in its bounds.
 *
 * @throws one sentence when it is of another version, form or size
 */
export function parseDetectorHeader(text: string | undefined, path: string): DetectorHeader {
  if (text === undefined) {
    throw new Error(`Expected a detector file, but ${path} is another safetensors file.`);
  }
  if (text.length > MAX.header) throw refused(path, `it has ${text.length} characters`);
  const raw = parseJson(text, path);
  const known = z.looseObject({ version: z.unknown() }).safeParse(raw);
  if (!known.success) throw refused(path, "it is no object");
  const { version } = known.data;
  if (version !== VERSION) {
    throw new Error(
      `Expected a detector file of version ${VERSION}, but ${path} is of version ` +
        `${JSON.stringify(version)?.slice(0, 40) ?? "none"}. Update Loupe, or train again.`,
    );
  }
  const header = DetectorHeader.safeParse(raw);
  if (!header.success) throw refused(path, firstIssue(header.error), header.error);
  checkSettings(header.data, path);
  return header.data;
}

function checkSettings({ method, settings }: DetectorHeader, path: string): void {
  const entry: MethodEntry = METHODS[method];
  const parsed = entry.settings.safeParse(settings);
  if (!parsed.success) throw refused(path, `settings.${firstIssue(parsed.error)}`, parsed.error);
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refused(path, "it is no JSON", error);
  }
}

function firstIssue({ issues: [issue] }: z.ZodError): string {
  return `${issue?.path.map(String).join(".") ?? ""}: ${issue?.message ?? "not understood"}`;
}

function refused(path: string, why: string, cause?: unknown): Error {
  return new Error(
    `Expected a detector file, but the header of ${path} has another form (${why.slice(0, MAX.text)}).`,
    { cause },
  );
}
