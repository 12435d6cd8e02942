/** Runs SQL, usually inside a transaction of the caller's. A pg pool or client is one too. */
export type SqlExecutor = {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
};
