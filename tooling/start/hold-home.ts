import { createHash } from "node:crypto";
import { chmod, rm } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ExpectedFailure } from "../process/expected-failure.ts";

type Hold = {
  /** Tell whoever asks where this Loupe answers. */
  announce(address: string): void;
  release(): Promise<void>;
};

/** The kernel refuses a longer socket path on macOS; Linux allows four bytes more. */
const LONGEST_SOCKET_PATH = 103;

/**
 * Make sure that one Loupe at a time uses a home folder.
 *
 * A listening socket is the lock: it ends with its process, however that
 * dies, and the one that holds it can say where it runs. A socket file that
 * nobody listens on is left over and replaced.
 */
export async function holdHome(home: string): Promise<Hold> {
  const path = socketPath(home);
  let address = "";
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.end(JSON.stringify({ pid: process.pid, address }));
  });
  if (!(await listen(server, path))) {
    const holder = await ask(path);
    if (holder !== null) throw new ExpectedFailure(describeHolder(home, holder));
    await rm(path, { force: true });
    if (!(await listen(server, path))) {
      throw new ExpectedFailure(`Another Loupe is just starting on ${home}. Use that one.`);
    }
  }
  server.unref();
  if (process.platform !== "win32") await chmod(path, 0o600);
  return {
    announce: (value) => (address = value),
    release: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function socketPath(home: string): string {
  const name = createHash("sha256").update(home).digest("hex").slice(0, 16);
  if (process.platform === "win32") return `\\\\.\\pipe\\loupe-${name}`;
  const inside = join(home, "launcher.sock");
  return Buffer.byteLength(inside) <= LONGEST_SOCKET_PATH
    ? inside
    : join(tmpdir(), `loupe-${name}.sock`);
}

/** True when the server listens; false when the path is in use. */
function listen(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException): void => {
      if (error.code === "EADDRINUSE") resolve(false);
      else reject(error);
    };
    server.once("error", refused);
    server.listen(path, () => {
      server.off("error", refused);
      resolve(true);
    });
  });
}

/** What the holder says of itself, or null when nobody listens. */
function ask(path: string): Promise<string | null> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(path);
    socket.setEncoding("utf8").setTimeout(2_000);
    socket.on("data", (text: string) => (answer += text));
    socket.once("timeout", () => socket.destroy());
    socket.once("error", () => resolve(null));
    socket.once("close", () => resolve(answer));
  });
}

function describeHolder(home: string, answer: string): string {
  const { pid, address } = parseAnswer(answer);
  const where = address === "" ? "and is still starting" : `at ${address}`;
  return (
    `Loupe already runs on ${home} ${where} (process ${pid}). ` +
    `Use that one, stop it, or set LOUPE_HOME to another folder.`
  );
}

function parseAnswer(answer: string): { pid: string; address: string } {
  try {
    const { pid, address } = JSON.parse(answer) as { pid: number; address: string };
    return { pid: String(pid), address };
  } catch {
    return { pid: "unknown", address: "" };
  }
}
