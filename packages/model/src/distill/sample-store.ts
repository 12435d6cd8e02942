import { createHash } from "node:crypto";
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { LOUPE_GRID_SIZE, LOUPE_INPUT_SIZE } from "../encoders/families/loupe-graph.ts";
import { openSafetensors } from "../encoders/safetensors/open-safetensors.ts";
import { writeSafetensors } from "../encoders/safetensors/write-safetensors.ts";
import { type Tensor, tensor } from "../tensor/index.ts";
import { drawCrop, resizeSquare } from "./draw-crop.ts";
import type { Teachers } from "./teachers.ts";

/** A crop as the student sees it, and what every teacher says to it. */
export type DistillationSample = {
  /** RGB bytes, shape [256, 256, 3]. */
  readonly pixels: Uint8Array;
  /** In the order of the teachers' `targets`, each [16², channels] in half precision. */
  readonly targets: readonly Uint16Array[];
};

/** Changes whenever the same corpus and seed would give other samples. */
const SAMPLE_VERSION = 3;

type SampleOptions = {
  readonly cacheDir: string;
  readonly corpus: readonly string[];
  readonly seed: number;
};

/**
 * Samples by number, made when they are first asked for and then kept on disk: a teacher looks at
 * a crop only once, over all runs with the same corpus, seed and teachers.
 */
export class SampleStore {
  readonly #teachers: Teachers;
  readonly #options: SampleOptions;
  readonly #folder: string;
  readonly #underWay = new Map<number, Promise<DistillationSample>>();
  /** Everything that decides the samples. */
  readonly hash: string;

  private constructor(teachers: Teachers, options: SampleOptions) {
    const { corpus, seed } = options;
    const parts = { version: SAMPLE_VERSION, corpus, seed, teachers: teachers.hashes };
    this.hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
    this.#teachers = teachers;
    this.#options = options;
    this.#folder = join(options.cacheDir, this.hash.slice(0, 16));
  }

  static async open(teachers: Teachers, options: SampleOptions): Promise<SampleStore> {
    const store = new SampleStore(teachers, options);
    await mkdir(store.#folder, { recursive: true });
    return store;
  }

  async sample(index: number): Promise<DistillationSample> {
    const path = join(this.#folder, `${index}.safetensors`);
    const isThere = (await stat(path).catch(() => null)) !== null;
    return isThere ? this.#read(path) : this.#makeOnce(path, index);
  }

  /** A batch may draw a new sample twice: it is made once, since two writers of a file would collide. */
  #makeOnce(path: string, index: number): Promise<DistillationSample> {
    const underWay = this.#underWay.get(index);
    if (underWay !== undefined) return underWay;
    const making = this.#make(path, index).finally(() => this.#underWay.delete(index));
    this.#underWay.set(index, making);
    return making;
  }

  async #read(path: string): Promise<DistillationSample> {
    const file = await openSafetensors(path);
    try {
      const pixels = await file.read("pixels");
      const maps = await Promise.all(
        this.#teachers.targets.map((_, target) => file.read(`target${target}`)),
      );
      return {
        pixels: pixels.data as Uint8Array,
        targets: maps.map((map) => map.data as Uint16Array),
      };
    } finally {
      await file.close();
    }
  }

  async #make(path: string, index: number): Promise<DistillationSample> {
    const { corpus, seed } = this.#options;
    const crop = await drawCrop(corpus, { seed, index, size: this.#teachers.largestInput });
    const targets = await this.#teachers.look(crop);
    const { pixels } = await resizeSquare(crop, LOUPE_INPUT_SIZE);
    const side = LOUPE_INPUT_SIZE;
    const tensors: Record<string, Tensor> = { pixels: tensor("uint8", [side, side, 3], pixels) };
    for (const [number, { channels }] of this.#teachers.targets.entries()) {
      const map = targets[number] ?? new Uint16Array();
      tensors[`target${number}`] = tensor("float16", [LOUPE_GRID_SIZE ** 2, channels], map);
    }
    await writeSafetensors(path, tensors, {});
    return { pixels, targets };
  }
}
