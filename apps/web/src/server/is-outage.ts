/** What Node, PostgreSQL and Prisma say when the database cannot be reached or takes nobody in now. */
const CODES: ReadonlySet<string> = new Set([
  ...["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOTFOUND", "EAI_AGAIN"],
  ...["EHOSTUNREACH", "ENETUNREACH"],
  // Connection exceptions; shut down by an administrator, a crash or not yet up; too many clients.
  ...["08000", "08001", "08003", "08004", "08006", "57P01", "57P02", "57P03", "53300"],
  ...["P1001", "P1002", "P1008", "P1017", "P2024", "P2037"],
]);
const KINDS: ReadonlySet<string> = new Set([
  "DatabaseNotReachable",
  "ConnectionClosed",
  "SocketTimeout",
  "TooManyConnections",
]);
/** Failures of connections that come without a code. */
const WORDS =
  /Connection terminated|timeout exceeded when trying to connect|connection error and is not queryable|not currently accepting connections|Unable to start a transaction in the given time/;

/** Deep enough for every wrapper, and an end for causes that go round in a circle. */
const MAX_DEPTH = 8;

/** True when a request failed because the database could not answer, which passes by itself. */
export function isOutage(error: unknown, depth = 0): boolean {
  if (depth > MAX_DEPTH || typeof error !== "object" || error === null) return false;
  const { code, originalCode, kind, message, cause, errors, meta } = error as Record<
    string,
    unknown
  >;
  if ([code, originalCode].some((value) => typeof value === "string" && CODES.has(value))) {
    return true;
  }
  if (typeof kind === "string" && KINDS.has(kind)) return true;
  if (typeof message === "string" && WORDS.test(message)) return true;
  if (Array.isArray(errors) && errors.some((one) => isOutage(one, depth + 1))) return true;
  return isOutage(cause, depth + 1) || isOutage(driverErrorOf(meta), depth + 1);
}

/** Prisma keeps what the database said beside its own words. */
function driverErrorOf(meta: unknown): unknown {
  return typeof meta === "object" && meta !== null && "driverAdapterError" in meta
    ? meta.driverAdapterError
    : null;
}
