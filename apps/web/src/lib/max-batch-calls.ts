/** Procedures in one request: the pages ask in batches of at most as many as the server takes. */
export const MAX_BATCH_CALLS = 20;
