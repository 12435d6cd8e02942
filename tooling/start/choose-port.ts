import { createServer } from "node:net";

import { ExpectedFailure } from "../process/expected-failure.ts";

const DEFAULT_PORT = 3000;
const LAST_TRIED_PORT = 3099;

type ChosenPort = {
  readonly port: number;
  /** A sentence to print when the port is not the one that a person expects. */
  readonly notice: string | null;
};

/**
 * The port of the web server.
 *
 * A port that was asked for is used or refused; 0 is any free one. Without a
 * wish it is 3000 or the next free one, and that is said.
 */
export async function choosePort(wanted: number | undefined, host: string): Promise<ChosenPort> {
  if (wanted !== undefined) {
    const port = await freePort(wanted, host);
    if (port !== null) return { port, notice: null };
    throw new ExpectedFailure(
      `Port ${wanted} is taken. Stop what uses it, or set PORT to another one.`,
    );
  }
  for (let port = DEFAULT_PORT; port <= LAST_TRIED_PORT; port++) {
    if ((await freePort(port, host)) === null) continue;
    return {
      port,
      notice:
        port === DEFAULT_PORT ? null : `Port ${DEFAULT_PORT} is taken, so Loupe uses ${port}.`,
    };
  }
  throw new ExpectedFailure(
    `Ports ${DEFAULT_PORT} to ${LAST_TRIED_PORT} are all taken. Set PORT to a free one.`,
  );
}

/** The port when it can be listened on, else null. Any failure but "taken" is thrown. */
function freePort(port: number, host: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(null);
      else if (error.code === "EACCES") {
        reject(new ExpectedFailure(`Port ${port} needs more rights. Set PORT to one above 1023.`));
      } else reject(error);
    });
    probe.listen({ port, host }, () => {
      const address = probe.address();
      const found = typeof address === "object" && address !== null ? address.port : port;
      probe.close(() => resolve(found));
    });
  });
}
