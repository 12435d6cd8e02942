import type { Telemetry, TelemetryMessage } from "@loupe/contracts";
import { createLogger, subscribe } from "@loupe/platform";

/** What a web process hears of the work that goes on. */
export type HeardTelemetry = {
  readonly messages: TelemetryMessage[];
  bodies<T extends Telemetry["type"]>(type: T): Extract<Telemetry, { type: T }>[];
  close(): Promise<void>;
};

/** Listen to a database as a web process does. */
export async function hearTelemetry(connectionString: string): Promise<HeardTelemetry> {
  const messages: TelemetryMessage[] = [];
  const subscription = await subscribe({
    connectionString,
    logger: createLogger("test", { level: "silent" }),
    onMessage: (message) => {
      if (message.kind === "telemetry") messages.push(message);
    },
    onReconnect: () => undefined,
  });
  return {
    messages,
    bodies: <T extends Telemetry["type"]>(type: T) =>
      messages.flatMap(({ news }) =>
        news.flatMap(({ body }) =>
          body.type === type ? [body as Extract<Telemetry, { type: T }>] : [],
        ),
      ),
    close: () => subscription.close(),
  };
}
