import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Start to listen and return the port. Throws one sentence when that is not possible. */
export function listen(
  server: Server,
  { host, port }: { host: string; port: number },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void => {
      reject(new Error(describe(error, { host, port }), { cause: error }));
    };
    server.once("error", refuse);
    server.listen(port, host, () => {
      server.off("error", refuse);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function describe(
  error: NodeJS.ErrnoException,
  { host, port }: { host: string; port: number },
): string {
  if (error.code === "EADDRINUSE") {
    return `Port ${port} is taken. Stop what uses it, or choose another: PORT=${port + 1} npm start`;
  }
  if (error.code === "EACCES") {
    return `Port ${port} may only be used by an administrator. Choose one above 1023: PORT=3000 npm start`;
  }
  if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND") {
    return `This machine has no address ${host}. Correct HOST, or leave it out.`;
  }
  return `Cannot listen on ${host}:${port}: ${error.message}`;
}
