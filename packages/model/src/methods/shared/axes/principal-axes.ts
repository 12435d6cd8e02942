import { matMul, reshape, type Value } from "../../../graph/index.ts";
import type { Tensor } from "../../../tensor/index.ts";
import type { MethodData } from "../../method.ts";
import { type Eigen, symmetricEigen } from "./eigen/symmetric-eigen.ts";

/** Batches whose tokens the axes are measured on: thousands of tokens, a second of work. */
const BATCHES = 16;

/** The moment of one batch onto the sum, in double precision. */
function addTo(sum: Float64Array, moment: Tensor | undefined): void {
  if (!(moment?.data instanceof Float32Array)) {
    throw new Error("Expected the second moment of a batch, got none.");
  }
  const { data } = moment;
  for (let index = 0; index < sum.length; index++) {
    sum[index] = (sum[index] ?? 0) + (data[index] ?? 0);
  }
}

export type AxesRequest = {
  readonly tokens: Value;
  readonly weights: NonNullable<Parameters<MethodData["open"]>[1]>;
  /** Places of the axes that are wanted, by the moments along all of them; all when not given. */
  readonly chosen?: (values: Float64Array) => readonly number[];
};

/**
 * Principal axes of tokens [..., width] over some training batches: eigenvectors of the second
 * moment about zero, largest first. Standardised features have mean 0 already.
 */
export async function principalAxes(
  data: MethodData,
  { tokens, weights, chosen }: AxesRequest,
): Promise<Eigen> {
  const width = tokens.shape.at(-1) ?? 1;
  const rows = reshape(tokens, [-1, width]);
  const graph = await data.open({ moment: matMul(rows, rows, { transposeA: true }) }, weights);
  const sum = new Float64Array(width * width);
  try {
    for await (const feeds of data.batches(BATCHES)) {
      const { moment } = await graph.run(feeds);
      addTo(sum, moment);
    }
  } finally {
    await graph.close();
  }
  return symmetricEigen(sum, width, chosen);
}
