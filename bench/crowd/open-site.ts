import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { migrate } from "@loupe/db";
import { startEmbeddedPostgres } from "@loupe/db/embedded-postgres";
import { createLogger } from "@loupe/platform";

import { composeServices } from "../../apps/web/src/server/compose-services.ts";
import { fetchTrpc } from "../../apps/web/src/server/fetch-trpc.ts";
import { listen } from "../../apps/web/src/server/listen.ts";
import { openHttpServer } from "../../apps/web/src/server/open-http-server.ts";
import { openRealtime } from "../../apps/web/src/server/realtime/open-realtime.ts";
import type { WebServices } from "../../apps/web/src/server/services.ts";

export type Site = {
  readonly address: string;
  readonly origin: string;
  readonly services: WebServices;
  close(): Promise<void>;
};

/** The pages' address; nothing listens there, as no page is ever loaded. */
const ORIGIN = "http://crowd.test";

/** A web process without pages on a database of its own, durable as the product's. */
export async function openSite(): Promise<Site> {
  const home = await mkdtemp(join(tmpdir(), "loupe-crowd-"));
  // As root PostgreSQL runs as another account, which must be able to enter the folder.
  await chmod(home, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir: join(home, "postgres") });
  await migrate(postgres.url);
  const logger = createLogger("crowd", { level: "warn" });
  const services = await composeServices(
    {
      databaseUrl: postgres.url,
      home,
      host: "127.0.0.1",
      port: 0,
      authSecret: randomUUID(),
      baseUrl: ORIGIN,
      extraOrigins: [],
      logLevel: "warn",
      trustedProxies: 0,
      signInsPerMinute: 20,
    },
    logger,
  );
  const realtime = await openRealtime(services);
  const server = openHttpServer({
    logger,
    realtime,
    trustedProxies: 0,
    onUpgrade: null,
    site: { baseUrl: ORIGIN, trustedOrigins: services.trustedOrigins, isDevelopment: false },
    onRequest: (request, response) => answer(request, response, services),
  });
  const port = await listen(server, { host: "127.0.0.1", port: 0 });
  return {
    address: `http://127.0.0.1:${port}`,
    origin: ORIGIN,
    services,
    close: async () => {
      await realtime.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await services.db.close();
      await postgres.stop();
      await rm(postgres.dataDir, { recursive: true, force: true });
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** What Next does for `/api/trpc`: nothing else is asked for here. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  services: WebServices,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, String(value));
  }
  const method = request.method ?? "GET";
  const asked = new Request(`${ORIGIN}${request.url ?? "/"}`, {
    method,
    headers,
    ...(method === "POST" ? { body: Buffer.concat(chunks) } : {}),
  });
  const given = await fetchTrpc(asked, services);
  response.statusCode = given.status;
  response.end(Buffer.from(await given.arrayBuffer()));
}
