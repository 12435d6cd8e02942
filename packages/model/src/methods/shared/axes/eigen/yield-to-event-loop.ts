/** How many rows are worked on before other work of the process gets its turn. */
const ROWS_A_TURN = 24;

/** Let other work of the process go on after some rows, since an eigenproblem takes a second. */
export async function yieldToEventLoop(row: number): Promise<void> {
  if (row % ROWS_A_TURN === 0) await new Promise<void>((resolve) => setImmediate(resolve));
}
