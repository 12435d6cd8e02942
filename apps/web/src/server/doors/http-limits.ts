/** What the HTTP server allows anybody, before anything else looks at a request. */
export type HttpLimits = {
  /** Request line and headers together. */
  readonly headerBytes: number;
  readonly headerCount: number;
  /** A connection must have sent its headers by then. */
  readonly headersMs: number;
  /** A body that is taken in whole must be there by then. */
  readonly bodyMs: number;
  /** A connection on which nothing has moved for this long is closed. Uploads move all the time. */
  readonly idleMs: number;
  /** How long a connection waits for its next request. */
  readonly keepAliveMs: number;
  /** How long, and how many bytes, a client that was refused in the middle of a body may go on sending. */
  readonly drainMs: number;
  readonly drainBytes: number;
  /** An upload that nobody holds back brings at least this much in each such time. */
  readonly uploadWindowMs: number;
  readonly uploadWindowBytes: number;
};

export const HTTP_LIMITS: HttpLimits = {
  headerBytes: 16 * 1024,
  headerCount: 100,
  headersMs: 20_000,
  bodyMs: 30_000,
  idleMs: 120_000,
  keepAliveMs: 10_000,
  drainMs: 20_000,
  drainBytes: 16 * 1024 ** 2,
  uploadWindowMs: 60_000,
  uploadWindowBytes: 64 * 1024,
};
