import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

import next from "next";

export type Pages = {
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  close(): Promise<void>;
};

export type PagesOptions = {
  /** Folder of the web app. */
  readonly folder: string;
  readonly isDevelopment: boolean;
  readonly hostname: string;
  readonly port: number;
};

/**
 * Next, ready to answer.
 *
 * Next adds an `upgrade` listener of its own to the server that it is given.
 * It gets one that never listens, so that the real server keeps a single one.
 */
export async function openPages(options: PagesOptions): Promise<Pages> {
  const front = createServer();
  const app = next({
    dir: options.folder,
    dev: options.isDevelopment,
    hostname: options.hostname,
    port: options.port,
    httpServer: front,
  });
  await app.prepare();
  const handle = app.getRequestHandler();
  return {
    onRequest: (request, response) => handle(request, response),
    onUpgrade: (request, socket, head) => void front.emit("upgrade", request, socket, head),
    close: () => app.close(),
  };
}
