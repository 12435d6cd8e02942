import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request for a file's bytes that the server has seen. */
export type SeenRange = { readonly path: string; readonly start: number };

type Shelf = Readonly<Record<string, Buffer>>;

/** A hub on a real socket with the endpoints that fetching an encoder takes. */
export class HubServer {
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  /** Files by revision, then path. */
  readonly shelves: Record<string, Shelf> = { main: {} };
  /** Requests for bytes, probes of one byte left out. */
  readonly seen: SeenRange[] = [];
  /** Pull requests that the hub lists. */
  discussions: readonly object[] = [];
  /** Cut the connection of the next download after that many bytes. */
  cutAfter: number | null = null;
  /** Send other bytes than were announced. */
  isLying = false;

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "", "http://hub");
    const parts = pathname.split("/").slice(1).map(decodeURIComponent);
    if (parts[0] === "api" && parts.at(-1) === "discussions") {
      this.#json(response, { discussions: this.discussions, count: this.discussions.length });
    } else if (parts[0] === "api") {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      const { paths } = JSON.parse(body) as { paths: string[] };
      this.#json(response, this.#infos(parts.at(-1) ?? "", paths));
    } else if (parts[0] === "cdn") {
      this.#send(request, response, this.shelves[parts[1] ?? ""]?.[parts[2] ?? ""]);
    } else {
      // As the hub does it: its own address leads to the one that has the bytes.
      const [, , , revision = "", path = ""] = parts;
      const location = `/cdn/${encodeURIComponent(revision)}/${path}`;
      response.writeHead(302, { location }).end();
    }
  }

  #json(response: ServerResponse, value: unknown): void {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
  }

  #infos(revision: string, paths: readonly string[]): object[] {
    return paths.flatMap((path) => {
      const bytes = this.shelves[revision]?.[path];
      if (bytes === undefined) return [];
      const size = bytes.length;
      const git = createHash("sha1").update(`blob ${size}\0`).update(bytes).digest("hex");
      const oid = createHash("sha256").update(bytes).digest("hex");
      const lfs = path.endsWith(".safetensors") ? { lfs: { oid, size, pointerSize: 134 } } : {};
      return [{ path, type: "file", size, oid: git, ...lfs }];
    });
  }

  #send(request: IncomingMessage, response: ServerResponse, bytes: Buffer | undefined): void {
    if (bytes === undefined) {
      response.writeHead(404, { "x-error-code": "EntryNotFound" }).end();
      return;
    }
    const [, from = "0", to = ""] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? "") ?? [];
    const start = Number(from);
    const end = to === "" ? bytes.length : Number(to) + 1;
    const headers = {
      "content-length": end - start,
      "content-range": `bytes ${start}-${end - 1}/${bytes.length}`,
      etag: '"tag"',
    };
    response.writeHead(request.headers.range === undefined ? 200 : 206, headers);
    const isProbe = end - start === 1;
    if (!isProbe) this.seen.push({ path: request.url ?? "", start });
    const part = Buffer.from(bytes.subarray(start, end));
    if (this.isLying && !isProbe) part[part.length - 1] = (part.at(-1) ?? 0) ^ 1;
    if (this.cutAfter === null || isProbe || part.length <= this.cutAfter) {
      response.end(part);
      return;
    }
    response.write(part.subarray(0, this.cutAfter), () => response.socket?.destroy());
    this.cutAfter = null;
  }
}
