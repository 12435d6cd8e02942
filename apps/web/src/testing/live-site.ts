import type { Server } from "node:http";

import type { HttpLimits } from "../server/doors/http-limits.ts";
import { listen } from "../server/listen.ts";
import { openHttpServer, type HttpOptions } from "../server/open-http-server.ts";
import { openRealtime } from "../server/realtime/open-realtime.ts";
import type { WebServices } from "../server/services.ts";
import { SITE, type Caller } from "./a-web-world.ts";
import { LiveBrowser, type LiveOptions } from "./live-browser.ts";

/** One web process as far as sockets are concerned: the real HTTP server without pages. */
export type LiveSite = {
  readonly url: string;
  readonly server: Server;
  open(caller: Caller, options?: LiveOptions): Promise<LiveBrowser>;
  close(): Promise<void>;
};

export type SiteOptions = {
  /** The clock by which presence expires and floods are measured. */
  readonly now?: () => number;
  readonly baseUrl?: string;
  readonly limits?: Partial<HttpLimits>;
  /** What stands behind the doors; nothing is there unless told. */
  readonly onRequest?: HttpOptions["onRequest"];
};

/** Start a web process on a free port. */
export async function aLiveSite(
  services: WebServices,
  { now, baseUrl = SITE, limits = {}, onRequest = answerNotFound }: SiteOptions = {},
): Promise<LiveSite> {
  const realtime = await openRealtime(services, now);
  const server = openHttpServer({
    realtime,
    limits,
    onRequest,
    logger: services.logger,
    trustedProxies: 0,
    site: { baseUrl, trustedOrigins: services.trustedOrigins, isDevelopment: false },
    onUpgrade: null,
  });
  const port = await listen(server, { host: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${port}`;
  const browsers: LiveBrowser[] = [];
  return {
    url,
    server,
    open: (caller, options) => {
      const browser = new LiveBrowser(url, caller, options);
      browsers.push(browser);
      return browser.connect();
    },
    close: async () => {
      for (const { socket } of browsers) socket.disconnect();
      await realtime.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const answerNotFound: HttpOptions["onRequest"] = (_request, response) => {
  response.statusCode = 404;
  response.end();
  return Promise.resolve();
};
