import { type BusMessage, NOTIFY_LIMIT_BYTES } from "@loupe/contracts";

import type { SqlExecutor } from "../sql.ts";

/** The one channel of ours: every web process listens to it and passes messages on to its sockets. */
export const EVENTS_CHANNEL = "loupe_events";

/**
 * Tell every listening process. Inside a transaction it is told at the commit, or never.
 *
 * An event too large for a notification is replaced by a pointer to its row.
 */
export async function publish(sql: SqlExecutor, message: BusMessage): Promise<void> {
  await sql.query("select pg_notify($1::text, $2::text)::text", [EVENTS_CHANNEL, encode(message)]);
}

function encode(message: BusMessage): string {
  const text = JSON.stringify(message);
  if (Buffer.byteLength(text) <= NOTIFY_LIMIT_BYTES) return text;
  if (message.kind !== "event") {
    throw new Error(
      `Expected a ${message.kind} message of at most ${NOTIFY_LIMIT_BYTES} bytes, got ` +
        `${Buffer.byteLength(text)}. Send ids instead of contents.`,
    );
  }
  const { projectId, sequence } = message.event;
  return JSON.stringify({ kind: "event-ref", projectId, sequence } satisfies BusMessage);
}
