/** A worker that has been silent for this long, on the database's clock, has lost what it was at. */
export const LEASE_STALE_AFTER_MS = 15_000;
