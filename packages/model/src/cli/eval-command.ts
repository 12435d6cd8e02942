import type { EvaluationResult } from "../detector/detector-types.ts";
import { evaluate } from "../detector/evaluate.ts";
import { openDetector } from "../detector/open-detector.ts";
import type { CommandResult } from "./command.ts";
import { featureCacheFolder, signingKeyFile } from "./env.ts";
import { noteSignature } from "./note-signature.ts";
import type { Progress } from "./progress.ts";
import { readArguments } from "./read-arguments.ts";
import { scanFolders } from "./scan-folders.ts";

function percent(value: number | null): string {
  return value === null ? "    –" : `${(100 * value).toFixed(1).padStart(5)}`;
}

function table({ categories, mean, secondsPerImage }: EvaluationResult): string[] {
  const names = Object.keys(categories);
  const width = Math.max(8, ...names.map((name) => name.length));
  const row = (name: string, ...cells: string[]): string =>
    `${name.padEnd(width)}  ${cells.join("  ")}`;
  const lines = Object.entries(categories).map(([name, { iAuroc, pAuroc, images }]) =>
    row(name, percent(iAuroc), percent(pAuroc), String(images).padStart(6)),
  );
  return [
    row("category", "image", "pixel", "images"),
    ...lines,
    row("mean", percent(mean.iAuroc), percent(mean.pAuroc)),
    `AUROC in percent; ${secondsPerImage.toFixed(3)} s an image.`,
  ];
}

/** `eval`: measure a detector on the test images of a folder. */
export async function evalCommand(
  argv: readonly string[],
  { progress, signal }: { progress: Progress; signal: AbortSignal },
): Promise<CommandResult> {
  const args = readArguments(argv, {
    texts: ["model", "encoder", "provider"],
    lists: ["data"],
    flags: ["cached"],
  });
  const file = args.path("model", "FILE, a detector file");
  const folders = args.paths("data", "DIR, one category or a folder of categories");
  const provider = args.provider();
  const place = args.text("encoder");
  const images = (await scanFolders(folders)).flatMap((category) => category.test);
  if (images.length === 0)
    throw new Error(`Expected images in test/ below ${folders.join(", ")}, got none.`);

  const detector = await openDetector({
    file,
    provider,
    signingKeyFile: signingKeyFile(),
    ...(place !== null && { encoder: place }),
    // Seconds an image are those of the encoder too, unless the person asks for speed.
    ...(args.flag("cached") && { cacheDir: featureCacheFolder() }),
  });
  const { signature } = detector.info;
  progress.note(noteSignature(signature));
  try {
    const events = evaluate({ detector, images, signal });
    for (;;) {
      const next = await events.next();
      if (next.done === true) {
        const { categories, mean, secondsPerImage } = next.value;
        return { json: { categories, mean, secondsPerImage, signature }, lines: table(next.value) };
      }
      if (next.value.type === "unreadable") progress.note(next.value.error);
      progress.show({ task: "scoring", done: next.value.done, total: next.value.total });
    }
  } finally {
    await detector.close();
  }
}
