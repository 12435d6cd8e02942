import { reflected, TOGETHER, unrotated } from "./four-vectors.ts";
import { qlRotations } from "./ql-rotations.ts";
import { yieldToEventLoop } from "./yield-to-event-loop.ts";
import { tridiagonalForm } from "./tridiagonal-form.ts";

export type Eigen = {
  /** All of them, largest first. */
  readonly values: Float64Array;
  /** Column j is the vector of the j-th chosen value, row-major [n, chosen]. */
  readonly vectors: Float64Array;
};

/**
 * Eigenvalues and orthonormal eigenvectors of a symmetric matrix [n, n], largest value first
 * (Householder, then implicit QL; Golub & Van Loan, ch. 8), in slices between which other work of
 * the process goes on. About 2 n³ operations for the values and 4 n² for each vector.
 *
 * @param chosen places of the values whose vectors are wanted; all when not given
 */
export async function symmetricEigen(
  matrix: Float64Array,
  n: number,
  chosen: (values: Float64Array) => readonly number[] = (values) => [...values.keys()],
): Promise<Eigen> {
  const { diagonal, off, reflections } = await tridiagonalForm(Float64Array.from(matrix), n);
  const steps = await qlRotations({ d: diagonal, e: off });
  const order = Array.from({ length: n }, (_, index) => index).sort(
    (a, b) => diagonal[b]! - diagonal[a]!,
  );
  const values = Float64Array.from(order, (from) => diagonal[from]!);
  const columns = chosen(values).map((place, column) => ({ column, from: order[place] ?? 0 }));
  // Neighbours share what the rotations have not reached yet.
  columns.sort((a, b) => a.from - b.from);
  const vectors = new Float64Array(n * columns.length);
  const four = new Float64Array(TOGETHER * n);
  for (let start = 0; start < columns.length; start += TOGETHER) {
    await yieldToEventLoop(start);
    const together = columns.slice(start, start + TOGETHER);
    unrotated(
      steps,
      together.map(({ from }) => from),
      four,
    );
    reflected(reflections, four);
    for (const [index, { column }] of together.entries()) {
      for (let row = 0; row < n; row++) {
        vectors[row * columns.length + column] = four[TOGETHER * row + index]!;
      }
    }
  }
  return { values, vectors };
}
