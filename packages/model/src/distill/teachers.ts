import { locateEncoder } from "../encoders/find-encoder.ts";
import { hashFiles } from "../encoders/hash-files.ts";
import { LOUPE_GRID_SIZE, LOUPE_INPUT_SIZE } from "../encoders/families/loupe-graph.ts";
import type { EncoderSource } from "../encoders/encoder-source.ts";
import { cast, constant, input, matMul } from "../graph/index.ts";
import { exportModel } from "../onnx/index.ts";
import { openSession, type Session } from "../session/index.ts";
import { float32 } from "../tensor/index.ts";
import { resizeSquare, type Square } from "./draw-crop.ts";

const GRID = LOUPE_GRID_SIZE;

/** One map that the student learns to predict. */
export type TargetMap = {
  readonly teacher: string;
  /** Which of the student's maps learns it: 0, 1 or 2, shallow to deep. */
  readonly level: number;
  /** Channels that are learnt, every `spacing`-th of the teacher's. */
  readonly channels: number;
  readonly spacing: number;
};

/** A wide map says the same thing many times: of its channels an even choice of this many is learnt. */
const MOST_CHANNELS = 256;

/** The learnt channels of a teacher's map, tokens one after the other. */
function chosenChannels(map: Uint16Array, { channels, spacing }: TargetMap, width: number) {
  if (spacing === 1) return map;
  const chosen = new Uint16Array((map.length / width) * channels);
  let at = 0;
  for (let token = 0; token < map.length; token += width) {
    for (let channel = 0; channel < channels; channel++) {
      chosen[at++] = map[token + channel * spacing] ?? 0;
    }
  }
  return chosen;
}

type Layer = EncoderSource["info"]["layers"][number];

/** Weights [GRID, side] that read a row of a teacher's tokens at the student's positions. */
function alongAxis(layer: Layer, { side, inputSize }: { side: number; inputSize: number }) {
  const weights = Array.from({ length: GRID }, () => new Float32Array(side));
  for (const [token, row] of weights.entries()) {
    const pixel = ((token + 0.5) * inputSize) / GRID - 0.5;
    const place = Math.min(Math.max((pixel - layer.origin) / layer.stride, 0), side - 1);
    const left = Math.min(Math.floor(place), side - 2);
    row[left] = 1 - (place - left);
    row[left + 1] = place - left;
  }
  return weights;
}

/** Bilinear weights [GRID², side²] over a teacher's whole map. */
function resampling(layer: Layer, { gridSize, inputSize }: EncoderSource["info"]) {
  const axis = alongAxis(layer, { side: gridSize, inputSize });
  const data = new Float32Array(GRID ** 2 * gridSize ** 2);
  let at = 0;
  for (const row of axis) {
    for (const column of axis) {
      for (const vertical of row) {
        for (const horizontal of column) data[at++] = vertical * horizontal;
      }
    }
  }
  return float32([GRID ** 2, gridSize ** 2], data);
}

/** The model that brings a teacher's three maps to the student's grid, in half precision. */
function resamplingModel({ info }: EncoderSource): Uint8Array {
  const outputs = info.layers.map((layer, level) => {
    const tokens = input(`tokens${level}`, [1, info.gridSize ** 2, layer.channels], "float16");
    const moved = matMul(constant(resampling(layer, info)), cast(tokens, "float32"));
    return [`target${level}`, cast(moved, "float16")] as const;
  });
  return exportModel({ outputs: Object.fromEntries(outputs) });
}

type Teacher = {
  readonly source: EncoderSource;
  readonly encoder: Session;
  readonly resampler: Session;
};

async function openTeacher(name: string, threads: number): Promise<Teacher> {
  const source = await locateEncoder(name).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The teacher ${name} cannot be used. ${reason}`, { cause: error });
  });
  const runtime = { provider: "cpu", threads } as const;
  const encoder = await openSession(await source.buildModel(1, "cpu"), runtime);
  try {
    const resampler = await openSession(resamplingModel(source), { provider: "cpu", threads: 1 });
    return { source, encoder, resampler };
  } catch (error) {
    await encoder.close();
    throw error;
  }
}

/** A crop as a teacher's input, shape [1, 3, size, size]. */
function normalised({ size, pixels }: Square, { mean, std }: EncoderSource["normalisation"]) {
  const planes = new Float32Array(pixels.length);
  for (const channel of [0, 1, 2] as const) {
    const offset = channel * size * size;
    for (let i = 0; i < size * size; i++) {
      planes[offset + i] = ((pixels[3 * i + channel] ?? 0) / 255 - mean[channel]) / std[channel];
    }
  }
  return float32([1, 3, size, size], planes);
}

/** Frozen encoders whose token maps a student learns to predict. */
export class Teachers {
  readonly #teachers: readonly Teacher[];
  /** Everything that decides their maps, as a hash for each teacher. */
  readonly hashes: readonly string[];
  readonly targets: readonly TargetMap[];

  private constructor(teachers: readonly Teacher[], hashes: readonly string[]) {
    this.#teachers = teachers;
    this.hashes = hashes;
    this.targets = teachers.flatMap(({ source }) =>
      source.info.layers.map(({ channels: width }, level) => {
        const spacing = Math.ceil(width / MOST_CHANNELS);
        const channels = Math.floor(width / spacing);
        return { teacher: source.info.name, level, channels, spacing };
      }),
    );
  }

  /** @throws one sentence that names the teacher that is not there */
  static async open(names: readonly string[], threads: number): Promise<Teachers> {
    if (names.length === 0) throw new Error("Expected at least one teacher, got none.");
    const teachers: Teacher[] = [];
    try {
      for (const name of names) teachers.push(await openTeacher(name, threads));
      const hashes = await Promise.all(teachers.map(({ source }) => hashFiles(source.files)));
      return new Teachers(teachers, hashes);
    } catch (error) {
      await new Teachers(teachers, []).close();
      throw error;
    }
  }

  /** Side of the largest input, from which a crop is shrunk for the others. */
  get largestInput(): number {
    const sizes = this.#teachers.map(({ source }) => source.info.inputSize);
    return Math.max(LOUPE_INPUT_SIZE, ...sizes);
  }

  /** The maps of one crop in the order of `targets`, each [GRID², channels] in half precision. */
  async look(crop: Square): Promise<Uint16Array[]> {
    const maps: Uint16Array[] = [];
    for (const { source, encoder, resampler } of this.#teachers) {
      const square = await resizeSquare(crop, source.info.inputSize);
      const tokens = await encoder.run({ pixels: normalised(square, source.normalisation) });
      const moved = await resampler.run(tokens);
      for (const level of source.info.layers.keys()) {
        const data = moved[`target${level}`]?.data;
        if (!(data instanceof Uint16Array)) throw new Error("Expected half-precision targets.");
        const target = this.targets[maps.length];
        const width = source.info.layers[level]?.channels ?? 1;
        if (target !== undefined) maps.push(chosenChannels(data, target, width));
      }
    }
    return maps;
  }

  async close(): Promise<void> {
    for (const { encoder, resampler } of this.#teachers) {
      await encoder.close();
      await resampler.close();
    }
  }
}
