import { BusMessage } from "@loupe/contracts";
import { setTimeout as sleep } from "node:timers/promises";

import { Client } from "pg";
import type { Logger } from "pino";

import { EVENTS_CHANNEL } from "./publish.ts";

export type SubscribeOptions = {
  readonly connectionString: string;
  readonly logger: Logger;
  readonly onMessage: (message: BusMessage) => void;
  /** Called when the connection is lost: until the next call nothing is heard. */
  readonly onLost?: () => void;
  /** Called when it listens again after a lost connection: messages may have been missed in between. */
  readonly onReconnect: () => void;
};

export type Subscription = { close(): Promise<void> };

/** The wait before each new attempt, the last one again and again. */
const BACKOFF_MS = [50, 250, 1_000, 3_000] as const;

/** A silent network leaves a connection that looks alive; a question now and then finds out. */
const PROBE_INTERVAL_MS = 2_000;
const PROBE_TIMEOUT_MS = 5_000;

/**
 * Hear what any process publishes, over one connection of its own.
 *
 * Rejects when the first connection fails. A connection that is lost later is
 * replaced, and the caller learns that there may be a gap.
 */
export async function subscribe(options: SubscribeOptions): Promise<Subscription> {
  const closing = new AbortController();
  let current = await listen(options);
  const kept = keepListening();
  return {
    close: async () => {
      closing.abort();
      await current.client.end().catch(() => undefined);
      await kept;
    },
  };

  async function keepListening(): Promise<void> {
    while (!closing.signal.aborted) {
      await current.lost;
      if (closing.signal.aborted) return;
      options.logger.warn("lost the connection that listens for events");
      options.onLost?.();
      const next = await reconnect();
      if (next === null) return;
      current = next;
      options.logger.info("listening for events again");
      options.onReconnect();
    }
  }

  async function reconnect(): Promise<Listener | null> {
    for (let attempt = 0; ; attempt++) {
      const wait = BACKOFF_MS[Math.min(attempt, BACKOFF_MS.length - 1)];
      await sleep(wait, undefined, { signal: closing.signal }).catch(() => undefined);
      if (closing.signal.aborted) return null;
      const next = await listen(options).catch((error: unknown) => {
        options.logger.warn({ err: error, attempt }, "cannot listen for events yet");
        return null;
      });
      if (next !== null && closing.signal.aborted) {
        await next.client.end().catch(() => undefined);
        return null;
      }
      if (next !== null) return next;
    }
  }
}

type Listener = { readonly client: Client; readonly lost: Promise<void> };

async function listen(options: SubscribeOptions): Promise<Listener> {
  const client = new Client({
    connectionString: options.connectionString,
    application_name: "loupe-events",
    keepAlive: true,
    connectionTimeoutMillis: PROBE_TIMEOUT_MS,
    query_timeout: PROBE_TIMEOUT_MS,
  });
  const lost = new Promise<void>((resolve) => {
    client.on("error", () => resolve());
    client.on("end", () => resolve());
  });
  client.on("notification", ({ payload }) => deliver(options, payload ?? ""));
  try {
    await client.connect();
    await client.query(`listen ${EVENTS_CHANNEL}`);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  const probe = setInterval(() => {
    client.query("select 1").catch(() => client.end().catch(() => undefined));
  }, PROBE_INTERVAL_MS);
  probe.unref();
  void lost.then(() => clearInterval(probe));
  return { client, lost };
}

function deliver({ logger, onMessage }: SubscribeOptions, payload: string): void {
  try {
    onMessage(BusMessage.parse(JSON.parse(payload)));
  } catch (error) {
    // One bad message, such as from another version of Loupe, must not end the subscription.
    logger.error({ err: error, bytes: payload.length }, "cannot deliver an event message");
  }
}
