import { matMul, reshape, type Value } from "../../graph/index.ts";
import { toNumbers } from "../../tensor/index.ts";
import type { MethodData } from "../method.ts";
import { type Eigen, symmetricEigen } from "./symmetric-eigen.ts";

/** Batches whose tokens the axes are measured on: thousands of tokens, a second of work. */
const BATCHES = 16;

/**
 * Principal axes of tokens [..., width] over some training batches: eigenvectors of the second
 * moment about zero, largest first. Standardised features have mean 0 already.
 */
export async function principalAxes(
  data: MethodData,
  tokens: Value,
  weights: Parameters<MethodData["open"]>[1],
): Promise<Eigen> {
  const width = tokens.shape.at(-1) ?? 1;
  const rows = reshape(tokens, [-1, width]);
  const graph = await data.open({ moment: matMul(rows, rows, { transposeA: true }) }, weights);
  const sum = new Float64Array(width * width);
  try {
    for await (const feeds of data.batches(BATCHES)) {
      const { moment } = await graph.run(feeds);
      if (moment === undefined) throw new Error("Expected the second moment of a batch, got none.");
      for (const [index, value] of toNumbers(moment).entries()) {
        sum[index] = (sum[index] ?? 0) + value;
      }
    }
  } finally {
    await graph.close();
  }
  return symmetricEigen(sum, width);
}
