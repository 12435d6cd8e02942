import { connect } from "node:net";

export type RawAnswer = {
  /** 0 when the connection ended without an answer. */
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  /** Bytes that the other side, or the network on its way, has taken in. */
  readonly sentBytes: number;
  readonly isClosed: boolean;
};

export type RawRequest = {
  /** Request line and headers, without the empty line. */
  readonly head: readonly string[];
  /** What follows, as fast as it is taken. */
  readonly body?: Iterable<string | Uint8Array>;
  /** Waits for the connection's end instead of the answer's. */
  readonly untilClosed?: boolean;
};

/** Send bytes as no browser would, and read the answer. */
export function rawRequest(url: string, request: RawRequest): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  let text = "";
  return new Promise((resolve) => {
    const finish = (isClosed: boolean): void => {
      const sentBytes = socket.bytesWritten - socket.writableLength;
      socket.destroy();
      resolve({ ...parse(text), sentBytes, isClosed });
    };
    socket.setEncoding("latin1");
    socket.on("data", (part: string) => {
      text += part;
      if (request.untilClosed !== true && isWhole(text)) finish(false);
    });
    // A cut connection is an outcome here, not a failure.
    socket.on("error", () => undefined);
    socket.on("close", () => finish(true));
    socket.write(`${request.head.join("\r\n")}\r\n\r\n`);
    const parts = (request.body ?? [])[Symbol.iterator]();
    const sendMore = (): void => {
      for (;;) {
        const next = parts.next();
        if (next.done === true || socket.destroyed) return;
        if (!socket.write(next.value)) {
          socket.once("drain", sendMore);
          return;
        }
      }
    };
    sendMore();
  });
}

/** A body in chunks, of at least so many bytes. */
export function* chunked(sizeBytes: number): Generator<string> {
  const chunk = "a".repeat(16 * 1024);
  for (let sent = 0; sent < sizeBytes; sent += chunk.length) {
    yield `${chunk.length.toString(16)}\r\n${chunk}\r\n`;
  }
  yield "0\r\n\r\n";
}

function isWhole(text: string): boolean {
  const { status, headers, body } = parse(text);
  if (status === 0 || status === 100) return false;
  return body.length >= Number(headers.get("content-length") ?? 0);
}

function parse(text: string): { status: number; headers: Headers; body: string } {
  const end = text.indexOf("\r\n\r\n");
  const headers = new Headers();
  if (end < 0) return { status: 0, headers, body: "" };
  const [line = "", ...fields] = text.slice(0, end).split("\r\n");
  for (const field of fields) {
    const colon = field.indexOf(":");
    headers.append(field.slice(0, colon), field.slice(colon + 1).trim());
  }
  return { status: Number(line.split(" ")[1]), headers, body: text.slice(end + 4) };
}
