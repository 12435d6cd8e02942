import { access, mkdir, readdir, rename, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname, join, relative } from "node:path";

import { mapAhead } from "@loupe/model/map-ahead";
import sharp from "sharp";

import { DEMO_PRODUCTS } from "./demo-products.ts";
import { PhotoStudio, type Picture } from "./photo-studio.ts";
import { type DemoCounts, planDemoWorld, type PlannedPhoto } from "./plan-demo-world.ts";

/** Images of each product unless told otherwise. */
export const DEMO_COUNTS: DemoCounts = { train: 60, good: 20, defective: 30 };
/** Pixels along either side unless told otherwise. */
export const DEMO_SIZE = 384;

const JPEG_QUALITY = 92;
/** Fewer pictures than this are done before threads have started. */
const WORTH_THREADS = 40;
const MAX_THREADS = 8;
/** Ending of a file while it is being written. */
const UNFINISHED = ".part";
const SIZES = { least: 96, most: 1024 };

export type DemoWorldOptions = {
  /** Folder of the data set; made if missing. */
  readonly dir: string;
  readonly seed: number;
  /** Names of products; default all. */
  readonly products?: readonly string[];
  readonly counts?: DemoCounts;
  /** Pixels along either side, 96 to 1024. */
  readonly size?: number;
  /** Rendering threads; 0 renders in the caller's. Does not change a byte of the result. */
  readonly threads?: number;
  /**
   * Keep the pictures that are in the folder already. Only for a folder that nothing else has
   * written to than this rendering with the same arguments.
   */
  readonly isResumed?: boolean;
  readonly signal: AbortSignal;
};

/** One more image is on disk, with its mask if it has one. */
export type DemoWorldEvent = {
  readonly done: number;
  readonly total: number;
  /** Relative to the data set's folder. */
  readonly file: string;
};

function check({ counts, size }: { counts: DemoCounts; size: number }): void {
  if (!Number.isInteger(size) || size < SIZES.least || size > SIZES.most) {
    throw new Error(`Expected a size of ${SIZES.least} to ${SIZES.most} pixels, got ${size}.`);
  }
  for (const [name, count] of Object.entries(counts)) {
    if (!Number.isInteger(count) || count < 0) {
      throw new Error(`Expected a whole number of ${name} images, got ${count}.`);
    }
  }
}

/** Rendering over another data set would mix the two, so what is not ours is refused. */
async function refuseForeignFiles(dir: string, planned: readonly PlannedPhoto[]): Promise<void> {
  const files = planned.flatMap(({ file, maskFile }) =>
    maskFile === null ? [file] : [file, maskFile],
  );
  const own = new Set(files.flatMap((file) => [file, file + UNFINISHED]));
  for (const product of new Set(planned.map((photo) => photo.product))) {
    const folder = join(dir, product);
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const foreign = entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(dir, join(entry.parentPath, entry.name)))
      .find((file) => !own.has(file));
    if (foreign === undefined) continue;
    throw new Error(
      `Expected ${folder} to be empty or to hold the same images, got ${foreign}. ` +
        "Choose another folder, or remove this one.",
    );
  }
}

async function write(dir: string, photo: PlannedPhoto, { pixels, mask }: Picture): Promise<void> {
  const { size } = photo.order;
  const save = async (file: string, bytes: Buffer): Promise<void> => {
    const path = join(dir, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path + UNFINISHED, bytes);
    await rename(path + UNFINISHED, path);
  };
  // The picture comes last: where it is, its mask is, too.
  if (mask !== null && photo.maskFile !== null) {
    const truth = sharp(mask, { raw: { width: size, height: size, channels: 1 } });
    await save(photo.maskFile, await truth.toColourspace("b-w").png().toBuffer());
  }
  const image = sharp(pixels, { raw: { width: size, height: size, channels: 3 } });
  await save(
    photo.file,
    await image.jpeg({ quality: JPEG_QUALITY, chromaSubsampling: "4:4:4" }).toBuffer(),
  );
}

async function isRendered(dir: string, { file }: PlannedPhoto): Promise<boolean> {
  return access(join(dir, file)).then(
    () => true,
    () => false,
  );
}

/**
 * Render an inspection data set in MVTec layout, image by image.
 *
 * `<product>/train/good`, `<product>/test/good`, `<product>/test/<kind>` and, for every defective
 * image, `<product>/ground_truth/<kind>/<name>_mask.png`. The same seed, counts and size give the
 * same bytes; files of an earlier, interrupted rendering are overwritten unless `isResumed`.
 *
 * @throws when an option is out of range, a product's folder holds other files, or on abort
 */
export async function* renderDemoWorld(
  options: DemoWorldOptions,
): AsyncGenerator<DemoWorldEvent, void, void> {
  const { dir, seed, signal } = options;
  const counts = options.counts ?? DEMO_COUNTS;
  const size = options.size ?? DEMO_SIZE;
  check({ counts, size });
  const names = options.products ?? DEMO_PRODUCTS.map((product) => product.name);
  const planned = planDemoWorld(names, counts, { seed, size });
  await refuseForeignFiles(dir, planned);
  signal.throwIfAborted();

  const isMany = planned.length >= WORTH_THREADS;
  const threads = options.threads ?? (isMany ? Math.min(MAX_THREADS, availableParallelism()) : 0);
  const studio = new PhotoStudio(threads);
  const finish = async (photo: PlannedPhoto): Promise<string> => {
    signal.throwIfAborted();
    if (options.isResumed === true && (await isRendered(dir, photo))) return photo.file;
    await write(dir, photo, await studio.render(photo.product, photo.order));
    return photo.file;
  };
  let done = 0;
  try {
    // Two for each thread: one renders while the other's files are written.
    for await (const file of mapAhead(planned, Math.max(1, 2 * threads), finish)) {
      done++;
      yield { done, total: planned.length, file };
    }
  } finally {
    await studio.close();
  }
}
