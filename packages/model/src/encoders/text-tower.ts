import type { Value } from "../graph/index.ts";

/**
 * A frozen text transformer whose first word vectors can be learned.
 *
 * Its weights enter a graph as constants, so the optimiser leaves them alone.
 */
export interface TextTower {
  /** Width of the space that texts share with pictures. */
  readonly width: number;
  /** Width of a word vector. */
  readonly embeddingWidth: number;
  /**
   * The feature of each prompt: its learnable vectors, then its phrase.
   *
   * @param prompts learnable word vectors [n, length, embeddingWidth]
   * @param phrases n texts such as "object." and "damaged object."
   * @returns [n, width], not normalised; differentiable with respect to `prompts`
   * @throws when a phrase is not one whose tokens are known
   */
  encode(prompts: Value, phrases: readonly string[]): Value;
}
