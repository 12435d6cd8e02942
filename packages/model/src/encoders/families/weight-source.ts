import { float32, formatShape, type Shape, sizeOf, type Tensor } from "../../tensor/index.ts";

/** Where a parameter of our graph lies in a weights file, and how it is brought to our form. */
export type WeightSource = {
  readonly key: string;
  /** The file has the matrix turned. */
  readonly isTransposed?: boolean;
  /** Key of a vector that multiplies the last axis of our form. */
  readonly scaledBy?: string;
  readonly adapt?: (weight: Tensor) => Tensor;
};

/** Our name of a parameter → its place in the file. */
export type WeightSources = ReadonlyMap<string, WeightSource>;

export function kept(key: string): WeightSource {
  return { key };
}

/** PyTorch stores a linear layer as [out, in]; our graphs multiply by [in, out]. */
export function turned(key: string): WeightSource {
  return { key, isTransposed: true };
}

/** An array whose shape in the file lacks axes of ours. */
export function reshapedTo(shape: Shape, key: string): WeightSource {
  const adapt = ({ data, shape: given }: Tensor): Tensor => {
    if (data.length !== sizeOf(shape)) {
      throw new Error(
        `Expected ${key} of shape ${formatShape(shape)}, got ${formatShape(given)}. The ` +
          "configuration does not fit the weights.",
      );
    }
    return float32(shape, data as Float32Array);
  };
  return { key, adapt };
}

/** The modules of one block as a family calls them. */
export type BlockNames = {
  readonly norm1: string;
  readonly query: string;
  readonly key: string;
  readonly value: string;
  readonly output: string;
  readonly norm2: string;
  readonly mlpIn: string;
  readonly mlpOut: string;
  /** Factors of the attention and of the MLP (Touvron et al. 2021), folded into both outputs. */
  readonly scales?: readonly [string, string];
};

/** CLIP's blocks are the same in both towers. */
export const CLIP_BLOCK_NAMES: BlockNames = {
  norm1: "layer_norm1",
  query: "self_attn.q_proj",
  key: "self_attn.k_proj",
  value: "self_attn.v_proj",
  output: "self_attn.out_proj",
  norm2: "layer_norm2",
  mlpIn: "mlp.fc1",
  mlpOut: "mlp.fc2",
};

const BLOCK_MODULES = [
  ["attention/query", "query"],
  ["attention/key", "key"],
  ["attention/value", "value"],
  ["attention/output", "output"],
  ["mlp/in", "mlpIn"],
  ["mlp/out", "mlpOut"],
] as const;

/** The parameters of block `block` (from 1), whose modules stand behind `prefix` in the file. */
export function blockSources(
  block: number,
  prefix: string,
  names: BlockNames,
): [string, WeightSource][] {
  const sources: [string, WeightSource][] = [];
  for (const norm of ["norm1", "norm2"] as const) {
    sources.push([`block${block}/${norm}/scale`, kept(`${prefix}${names[norm]}.weight`)]);
    sources.push([`block${block}/${norm}/bias`, kept(`${prefix}${names[norm]}.bias`)]);
  }
  const scaleOf = { output: names.scales?.[0], mlpOut: names.scales?.[1] };
  for (const [ours, module] of BLOCK_MODULES) {
    const scale = module === "output" || module === "mlpOut" ? scaleOf[module] : undefined;
    const scaled = scale === undefined ? {} : { scaledBy: prefix + scale };
    const key = prefix + names[module];
    sources.push([`block${block}/${ours}/weight`, { ...turned(`${key}.weight`), ...scaled }]);
    sources.push([`block${block}/${ours}/bias`, { ...kept(`${key}.bias`), ...scaled }]);
  }
  return sources;
}
