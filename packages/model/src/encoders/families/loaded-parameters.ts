import { type Parameter, parameter } from "../../graph/index.ts";
import type { Parameters } from "../../nn/index.ts";
import { float32, formatShape, fromFloat16, sameShape, type Tensor } from "../../tensor/index.ts";
import type { Safetensors } from "../safetensors/open-safetensors.ts";
import type { WeightSource, WeightSources } from "./weight-source.ts";

/** Side of the squares in which a matrix is turned, so that both sides stay in the cache. */
const TILE = 32;

function turn(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let top = 0; top < rows; top += TILE) {
    const bottom = Math.min(rows, top + TILE);
    for (let left = 0; left < columns; left += TILE) {
      const right = Math.min(columns, left + TILE);
      for (let row = top; row < bottom; row++) {
        for (let column = left; column < right; column++) {
          out[column * rows + row] = values[row * columns + column] ?? 0;
        }
      }
    }
  }
  return out;
}

/** An array of a weights file in single precision. */
export async function readFloats(file: Safetensors, key: string): Promise<Tensor> {
  if (!file.names.includes(key)) {
    throw new Error(
      `Expected a weight ${key} as config.json says, but model.safetensors has none. Fetch both ` +
        "files anew from one place.",
    );
  }
  const { data, dtype, shape } = await file.read(key);
  if (data instanceof Float32Array) return float32(shape, data);
  if (!(data instanceof Uint16Array)) {
    throw new Error(`Expected weight ${key} in single or half precision, got ${dtype}.`);
  }
  const floats = new Float32Array(data.length);
  fromFloat16(data, floats);
  return float32(shape, floats);
}

/** weight [..., n] times scale [n], in place. */
function scaleLastAxis(weight: Tensor, scale: Tensor, key: string): void {
  const [values, factors] = [weight.data, scale.data];
  if (weight.shape.at(-1) !== factors.length) {
    throw new Error(
      `Expected ${weight.shape.at(-1) ?? 0} factors in ${key}, got ${factors.length}.`,
    );
  }
  for (let i = 0; i < values.length; i++) {
    values[i] = Number(values[i]) * Number(factors[i % factors.length]);
  }
}

async function readWeight(file: Safetensors, source: WeightSource): Promise<Tensor> {
  const { key, isTransposed = false, scaledBy, adapt } = source;
  let weight = await readFloats(file, key);
  if (isTransposed) {
    const [rows = 1, columns = 1] = weight.shape;
    weight = float32([columns, rows], turn(weight.data as Float32Array, rows, columns));
  }
  if (scaledBy !== undefined) scaleLastAxis(weight, await readFloats(file, scaledBy), scaledBy);
  return adapt === undefined ? weight : adapt(weight);
}

/**
 * The weights of a file as the named parameters that the layers of `nn` ask for.
 *
 * @param prefix what stands before every name in the graph
 * @throws one sentence that names a weight that is missing or, when asked for, of another shape
 */
export async function loadedParameters(
  file: Safetensors,
  sources: WeightSources,
  prefix = "",
): Promise<Parameters> {
  const known = new Map<string, Parameter>();
  for (const [name, source] of sources) {
    known.set(name, parameter(prefix + name, await readWeight(file, source)));
  }

  const at = (scope: string): Parameters => ({
    get: (name, shape) => {
      const found = known.get(scope + name);
      if (found === undefined) throw new Error(`Expected a weight for ${scope + name}, got none.`);
      if (!sameShape(found.shape, shape)) {
        throw new Error(
          `Expected ${scope + name} of shape ${formatShape(shape)}, got ` +
            `${formatShape(found.shape)}. The configuration does not fit the weights.`,
        );
      }
      return found;
    },
    find: (name) => known.get(scope + name) ?? null,
    scope: (name) => at(`${scope}${name}/`),
    all: () => [...known.values()],
  });
  return at("");
}
