import { createHash } from "node:crypto";
import { appendFile, mkdir, readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";

import { z } from "zod";

import type { InputImage } from "../data/input-image.ts";

const Metrics = z.record(z.string(), z.number().nullable());
/** Values by metric, between 0 and 1; null where a metric is undefined. */
export type Metrics = z.infer<typeof Metrics>;

/** What one training of one row gave: a line of the record. */
export const AblationResult = z.strictObject({
  /** Hash of everything that decides the numbers. */
  key: z.string(),
  row: z.string(),
  seed: z.int(),
  method: z.string(),
  steps: z.int(),
  batch: z.int(),
  /** Training and evaluation, wall time. */
  seconds: z.number(),
  categories: z.record(z.string(), Metrics),
});
export type AblationResult = z.infer<typeof AblationResult>;

/** A key for what decides a result; equal plans are trained once, whatever table they stand in. */
export function keyOf(plan: Readonly<Record<string, unknown>>): string {
  return createHash("sha256").update(JSON.stringify(plan)).digest("hex").slice(0, 16);
}

/** Names and sizes of pictures: what tells a data set from another without reading it. */
export async function describeImages(images: readonly InputImage[]): Promise<string[]> {
  return Promise.all(
    images.map(async ({ id, path }) => `${id} ${(await stat(path)).size.toString()}`),
  );
}

/** The lines that are whole; a line that was cut off in writing is left out and made anew. */
export async function readRecord(file: string): Promise<Map<string, AblationResult>> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  });
  const results = new Map<string, AblationResult>();
  for (const line of text.split("\n").filter(Boolean)) {
    const parsed = AblationResult.safeParse(parsedJson(line));
    if (parsed.success) results.set(parsed.data.key, parsed.data);
  }
  if (text.trim() !== "" && results.size === 0) {
    throw new Error(
      `Expected a record of finished rows in ${file}, but none of its lines is one. ` +
        "Name another file.",
    );
  }
  return results;
}

function parsedJson(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return null;
  }
}

/** Add a line. A line before it that was cut off stays apart from it. */
export async function appendResult(file: string, result: AblationResult): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const before = await readFile(file, "utf8").catch(() => "");
  const separator = before === "" || before.endsWith("\n") ? "" : "\n";
  await appendFile(file, `${separator}${JSON.stringify(result)}\n`);
}
