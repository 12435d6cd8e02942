import { mkdir } from "node:fs/promises";
import { join, parse, resolve } from "node:path";

import type { DetectorInfo } from "../detector/detector-types.ts";
import { openDetector } from "../detector/open-detector.ts";
import { renderOverlay } from "../detector/render-overlay.ts";
import { calibrationFor, zScore } from "../detector/z-score.ts";
import { type CommandResult, UsageError } from "./command.ts";
import { signingKeyFile, startFolder } from "./env.ts";
import { noteSignature } from "./note-signature.ts";
import type { Progress } from "./progress.ts";
import { readArguments } from "./read-arguments.ts";

type ScoredFile = {
  file: string;
  score: number | null;
  /** In deviations above good training images of the category, or of all. */
  standardScore: number | null;
  map: string | null;
  error?: string;
};

/** A name for each picture's overlay; pictures of one name in several folders stay apart. */
function createOverlayNames(folder: string): (imagePath: string) => string {
  const taken = new Set<string>();
  return (imagePath) => {
    const { name } = parse(imagePath);
    let candidate = `${name}.overlay.png`;
    for (let count = 2; taken.has(candidate); count++) candidate = `${name}-${count}.overlay.png`;
    taken.add(candidate);
    return join(folder, candidate);
  };
}

function line({ file, score, standardScore: sigmas, map, error }: ScoredFile): string {
  if (score === null) return `–  ${file}  ${error ?? ""}`;
  const above = `${sigmas?.toFixed(1) ?? "–"} σ`.padStart(8);
  return `${score.toFixed(4)}  ${above}  ${file}${map === null ? "" : `  ${map}`}`;
}

function checkCategory(category: string | null, { categories }: DetectorInfo): void {
  if (category === null || categories.includes(category)) return;
  throw new UsageError(
    `Expected --category to be one that the detector knows, ${categories.join(", ")}, got "${category}".`,
  );
}

/** `score`: score single pictures, with an overlay each when a folder is given. */
export async function scoreCommand(
  argv: readonly string[],
  { progress, signal }: { progress: Progress; signal: AbortSignal },
): Promise<CommandResult> {
  const args = readArguments(argv, {
    texts: ["model", "encoder", "out", "category", "provider"],
    allowPositionals: true,
  });
  const file = args.path("model", "FILE, a detector file");
  const provider = args.provider();
  const place = args.text("encoder");
  const out = args.text("out");
  const given = args.text("category");
  if (args.positionals.length === 0) {
    throw new UsageError("Expected at least one IMAGE to score, got none.");
  }
  const folder = out === null ? null : resolve(startFolder(), out);
  const overlayName = createOverlayNames(folder ?? "");
  if (folder !== null) await mkdir(folder, { recursive: true });

  const detector = await openDetector({
    file,
    provider,
    signingKeyFile: signingKeyFile(),
    ...(place !== null && { encoder: place }),
  });
  const { signature } = detector.info;
  progress.note(noteSignature(signature));
  const images: ScoredFile[] = [];
  try {
    checkCategory(given, detector.info);
    const [only, ...others] = detector.info.categories;
    const category = given ?? (others.length === 0 ? (only ?? null) : null);
    const { scale, scores } = calibrationFor(detector.info, category);
    const inputs = args.positionals.map((image) => ({
      id: image,
      category: category ?? "",
      path: resolve(startFolder(), image),
    }));
    for await (const prediction of detector.score(inputs, { signal })) {
      const imagePath = inputs[images.length]?.path ?? prediction.id;
      if ("error" in prediction) {
        const { id, error } = prediction;
        progress.note(error);
        images.push({ file: id, score: null, standardScore: null, map: null, error });
      } else {
        const { id, score, map } = prediction;
        const outPng = folder === null ? null : overlayName(imagePath);
        if (outPng !== null) await renderOverlay({ imagePath, map, scale, outPng });
        const sigmas = zScore(score, scores);
        images.push({ file: id, score, standardScore: sigmas, map: outPng });
      }
      progress.show({ task: "scoring", done: images.length, total: inputs.length });
    }
  } finally {
    await detector.close();
  }
  const hasFailed = images.some((image) => image.score === null);
  return { json: { images, signature }, lines: images.map(line), exitCode: hasFailed ? 1 : 0 };
}
