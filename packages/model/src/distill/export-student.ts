import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { LOUPE_FILE, LOUPE_KEY, LOUPE_VERSION } from "../encoders/families/loupe.ts";
import { LOUPE_CHANNELS } from "../encoders/families/loupe-graph.ts";
import { writeSafetensors } from "../encoders/safetensors/write-safetensors.ts";
import { float32, type Tensor, tensor, toFloat16 } from "../tensor/index.ts";
import type { Student, Weights } from "./distil.ts";
import { headName } from "./student-loss.ts";

function floatsOf(weights: Weights, name: string): Float32Array {
  const data = weights[name]?.data;
  if (!(data instanceof Float32Array)) throw new Error(`Expected a trained weight ${name}.`);
  return data;
}

/**
 * Σ W Wᵀ / columns over the heads of one map, shape [size, size].
 *
 * It is the metric under which two tokens are as far apart as the teachers' tokens that they
 * predict, each teacher counting alike.
 */
function headMetric(heads: readonly Float32Array[], size: number): Float64Array {
  const metric = new Float64Array(size * size);
  for (const head of heads) {
    const columns = head.length / size;
    for (let row = 0; row < size; row++) {
      const left = head.subarray(row * columns, (row + 1) * columns);
      for (let other = 0; other <= row; other++) {
        const right = head.subarray(other * columns, (other + 1) * columns);
        let sum = 0;
        for (let k = 0; k < columns; k++) sum += (left[k] ?? 0) * (right[k] ?? 0);
        const at = row * size + other;
        metric[at] = (metric[at] ?? 0) + sum / columns;
        metric[other * size + row] = metric[at] ?? 0;
      }
    }
  }
  return metric;
}

/** L, lower triangular, with metric = L Lᵀ (Cholesky–Banachiewicz); a small ridge keeps it definite. */
function choleskyFactor(metric: Float64Array, size: number): Float64Array {
  const trace = Array.from({ length: size }, (_, i) => metric[i * size + i] ?? 0);
  const ridge = (1e-6 * trace.reduce((sum, value) => sum + value, 0)) / size;
  const factor = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = (metric[row * size + column] ?? 0) + (row === column ? ridge : 0);
      for (let k = 0; k < column; k++) {
        sum -= (factor[row * size + k] ?? 0) * (factor[column * size + k] ?? 0);
      }
      factor[row * size + column] =
        row === column ? Math.sqrt(sum) : sum / (factor[column * size + column] ?? 1);
    }
  }
  return factor;
}

/**
 * The student's weights as they ship: the trunk, and for each map one square matrix instead of
 * its heads.
 *
 * The heads give thousands of channels, but they are linear in the map's few: x L has the same
 * distances between tokens as all predictions together when L Lᵀ = Σ W Wᵀ / columns.
 */
export function shippedWeights({ weights, targets }: Student): Record<string, Tensor> {
  const shipped: Record<string, Tensor> = {};
  for (const [name, weight] of Object.entries(weights)) {
    if (!name.startsWith("head/")) shipped[name] = weight;
  }
  for (const [level, channels] of LOUPE_CHANNELS.entries()) {
    const heads = targets
      .filter((target) => target.level === level)
      .map((target) => floatsOf(weights, `${headName(target)}/weight`));
    const factor = choleskyFactor(headMetric(heads, channels), channels);
    // Standardised targets have about one unit a channel and teacher: so have the tokens then.
    const gain = Math.sqrt(channels / Math.max(1, heads.length));
    const values = Float32Array.from(factor, (value) => value * gain);
    shipped[`expose${level}`] = float32([channels, channels], values);
  }
  return shipped;
}

/** Write a student as an encoder's folder. */
export async function exportStudent(
  folder: string,
  student: Student,
  metadata: Readonly<Record<string, string>>,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, LOUPE_FILE);
  const halves = Object.fromEntries(
    Object.entries(shippedWeights(student)).map(([name, weight]) => [
      name,
      tensor("float16", weight.shape, toFloat16(weight.data as Float32Array)),
    ]),
  );
  await writeSafetensors(path, halves, { ...metadata, [LOUPE_KEY]: LOUPE_VERSION });
  return path;
}
