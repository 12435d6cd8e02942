import type { Server } from "node:http";
import type { Socket } from "node:net";

import { warnOfLowStorage, type Logger, type Service } from "@loupe/platform";

import type { WebEnv } from "../env.ts";
import { composeServices } from "./compose-services.ts";
import { listen } from "./listen.ts";
import { openHttpServer } from "./open-http-server.ts";
import { openPages, type Pages } from "./open-pages.ts";
import { openRealtime, type Realtime } from "./realtime/open-realtime.ts";
import { provideServices, type WebServices } from "./services.ts";

export type WebOptions = {
  readonly env: WebEnv;
  readonly logger: Logger;
  /** Hot reload instead of the production build. */
  readonly isDevelopment: boolean;
  /** Folder of the web app. */
  readonly folder: string;
};

type Front = {
  readonly server: Server;
  readonly realtime: Realtime;
  readonly connections: ReadonlySet<Socket>;
};

/** How long answers under way may take once the process has been asked to stop. */
const STOP_LIMIT_MS = 5_000;
/** In development a browser's hot-reload socket stays open for ever, and nobody waits for answers. */
const DEVELOPMENT_STOP_LIMIT_MS = 300;

/** The parts of the web process, in the order of their start. */
export function listWebParts({ env, logger, isDevelopment, folder }: WebOptions): Service[] {
  let services: WebServices | undefined;
  let pages: Pages | undefined;
  let front: Front | undefined;
  let watching: { stop(): void } | undefined;

  return [
    {
      name: "services",
      start: async () => {
        services = await composeServices(env, logger);
        provideServices(services);
        watching = warnOfLowStorage(services.storage, {
          onLow: (sentence) => logger.warn(sentence),
          onWell: (sentence) => logger.info(sentence),
        });
      },
      stop: async () => {
        watching?.stop();
        provideServices(null);
        await services?.db.close();
      },
    },
    {
      name: "pages",
      start: async () => {
        const { host: hostname, port } = env;
        pages = await openPages({ folder, isDevelopment, hostname, port });
      },
      stop: async () => pages?.close(),
    },
    {
      name: "http",
      start: async () => {
        if (services === undefined || pages === undefined) throw new Error("Started out of order");
        const realtime = await openRealtime(services);
        const server = openHttpServer({
          logger,
          realtime,
          trustedProxies: env.trustedProxies,
          site: {
            baseUrl: env.baseUrl,
            trustedOrigins: services.trustedOrigins,
            isDevelopment,
          },
          onRequest: pages.onRequest,
          onUpgrade: isDevelopment ? pages.onUpgrade : null,
        });
        front = { server, realtime, connections: trackConnections(server) };
        const port = await listen(server, env);
        logger.info({ host: env.host, port, baseUrl: env.baseUrl }, "web server listens");
      },
      stop: async () => {
        const limitMs = isDevelopment ? DEVELOPMENT_STOP_LIMIT_MS : STOP_LIMIT_MS;
        if (front !== undefined) await stopFront(front, limitMs);
      },
    },
  ];
}

/** All open connections, also those that became websockets and are no longer HTTP's to close. */
function trackConnections(server: Server): ReadonlySet<Socket> {
  const connections = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  return connections;
}

/** No new requests, sockets closed, answers under way finished or, after a while, cut off. */
async function stopFront({ server, realtime, connections }: Front, limitMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  await realtime.close();
  server.closeIdleConnections();
  const cutOff = setTimeout(() => {
    for (const connection of connections) connection.destroy();
  }, limitMs);
  await closed;
  clearTimeout(cutOff);
}
