import { ExpectedFailure } from "./expected-failure.ts";

/** Postgres' own words where the connection failed, and what to do about it. */
export function connectionAdvice(error: unknown): Error {
  const text = error instanceof Error ? error.message : String(error);
  if (/ECONNREFUSED|ENOTFOUND|ETIMEDOUT|password authentication|does not exist/.test(text)) {
    return new ExpectedFailure(
      `The database cannot be used: ${text}. Correct DATABASE_URL; npm start without it uses the embedded PostgreSQL.`,
    );
  }
  return error instanceof Error ? error : new Error(text);
}
