import { readdir } from "node:fs/promises";
import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";

import { testDatabase } from "@loupe/db/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";

import { aWebWorld, SITE, type WebWorld } from "../testing/a-web-world.ts";
import { aLiveSite, type LiveSite } from "../testing/live-site.ts";
import { chunked, rawRequest } from "../testing/raw-request.ts";
import type { Door } from "./doors/door.ts";
import { listDoors } from "./doors/list-doors.ts";

const API_FOLDER = join(import.meta.dirname, "../app/api");
const MIB = 1024 ** 2;

/** Small, so that a test need not send much or wait long; only that they take effect is tested. */
const LIMITS = { idleMs: 30_000, keepAliveMs: 200, drainBytes: MIB, uploadWindowBytes: 1024 };
const SHORT_TIMES = { headersMs: 200, bodyMs: 200, uploadWindowMs: 200 };
/** Where a machine that is busy must not turn another refusal into one for want of time. */
const LONG_TIMES = { headersMs: 60_000, bodyMs: 60_000, uploadWindowMs: 60_000 };

const database = testDatabase();
let world: WebWorld;
let site: LiveSite;
let hastySite: LiveSite;
/** What came in as far as the pages and routes. */
let heard: string[] = [];

beforeAll(async () => {
  world = await aWebWorld(database.db);
  const siteWith = (times: typeof SHORT_TIMES) =>
    aLiveSite(world.services, { limits: { ...LIMITS, ...times }, onRequest: hear });
  site = await siteWith(LONG_TIMES);
  hastySite = await siteWith(SHORT_TIMES);
});
afterAll(async () => {
  await site.close();
  await hastySite.close();
  await world.close();
});
beforeEach(() => {
  heard = [];
});

/** Answers with the size of the body that it got; uploads are refused before they are read. */
async function hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
  heard.push(request.url ?? "");
  if (/imports$|inspections$/.test(request.url ?? "")) {
    response.writeHead(401, { "content-length": 0 }).end();
    return;
  }
  let sizeBytes = 0;
  for await (const chunk of request) sizeBytes += (chunk as Uint8Array).byteLength;
  response.end(request.method === "HEAD" ? undefined : String(sizeBytes));
}

const doors = listDoors({ isDevelopment: false });
const byPath = new Map(doors.map((door) => [door.path, door]));
const addressOf = (path: string) =>
  path.replace("[[...all]]", "").replaceAll(/\[(?:\.\.\.)?(\w+)\]/g, "$1");
const headOf = (method: string, path: string, ...headers: string[]) => [
  `${method} ${addressOf(path)} HTTP/1.1`,
  `Host: ${new URL(SITE).host}`,
  ...headers,
];
const bodyMethod = (door: Door) => (door.methods.includes("POST") ? "POST" : "GET");

test("every route of the site is a door of the table, with its methods", async () => {
  const files = await readdir(API_FOLDER, { recursive: true });
  const routes = files.filter((file) => file.endsWith("/route.ts"));
  const found = await Promise.all(
    routes.map(async (file) => {
      const module = (await import(join(API_FOLDER, file))) as Record<string, unknown>;
      return [`/api/${file.slice(0, -"/route.ts".length)}`, Object.keys(module).toSorted()];
    }),
  );
  const known = doors
    .filter(({ path }) => path.startsWith("/api/"))
    .map(({ path, methods }) => [path, methods.toSorted()]);
  expect(known.toSorted()).toEqual(found.toSorted());
});

describe.each([...byPath.keys()])("%s", (path) => {
  const door = byPath.get(path)!;

  test("refuses what announces too much, before a byte of it comes", async () => {
    const tooMany = `Content-Length: ${door.maxBodyBytes + 1}`;
    const answer = await rawRequest(site.url, { head: headOf(bodyMethod(door), path, tooMany) });
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: "TOO_LARGE" } });
    expect(heard).toEqual([]);
  });

  test("refuses what announces too much before it says: go on", async () => {
    const head = headOf(
      bodyMethod(door),
      path,
      `Content-Length: ${door.maxBodyBytes + 1}`,
      "Expect: 100-continue",
    );
    expect((await rawRequest(site.url, { head })).status).toBe(413);
  });

  test("refuses too much in chunks, and takes in little of it", async () => {
    const answer = await rawRequest(site.url, {
      head: headOf(bodyMethod(door), path, "Transfer-Encoding: chunked"),
      body: chunked(256 * MIB),
      untilClosed: true,
    });
    expect(answer.status).toBe(door.isStreamed ? 401 : 413);
    expect(answer.isClosed).toBe(true);
    expect(answer.sentBytes).toBeLessThan(64 * MIB);
    expect(heard).toHaveLength(door.isStreamed ? 1 : 0);
  });

  test("gets no body from HTTP/1.0 without a length, and closes", async () => {
    const [line, ...headers] = headOf(bodyMethod(door), path);
    const answer = await rawRequest(site.url, {
      head: [line!.replace("HTTP/1.1", "HTTP/1.0"), ...headers],
      body: Array.from({ length: 4096 }, () => "a".repeat(16 * 1024)),
      untilClosed: true,
    });
    expect(answer.isClosed).toBe(true);
    expect(answer.sentBytes).toBeLessThan(32 * MIB);
    // The sockets' own server answers for itself.
    if (answer.status === 200 && door.kind !== "sockets") expect(answer.body).toBe("0");
  });

  test("refuses too many headers, and too large ones", async () => {
    const many = Array.from({ length: 150 }, (_, i) => `X-${i}: 1`);
    const tooMany = { head: headOf(door.methods[0]!, path, ...many) };
    expect((await rawRequest(site.url, tooMany)).status).toBe(431);
    const large = { head: headOf(door.methods[0]!, path, `X: ${"x".repeat(20_000)}`) };
    expect((await rawRequest(site.url, large)).status).toBe(431);
    const longAddress = headOf(door.methods[0]!, path);
    longAddress[0] = longAddress[0]!.replace(" HTTP", `?${"x".repeat(20_000)} HTTP`);
    expect((await rawRequest(site.url, { head: longAddress })).status).toBe(431);
    expect(heard).toEqual([]);
  });

  test.each(["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "GET", "POST", "HEAD"] as const)(
    "%s is answered by whom it concerns, or refused unread",
    async (method) => {
      const isKnown = (door.methods as readonly string[]).includes(
        method === "HEAD" ? "GET" : method,
      );
      const answer = await rawRequest(site.url, { head: headOf(method, path) });
      if (isKnown) {
        expect(answer.status).not.toBe(405);
        expect(heard).toHaveLength(door.kind === "sockets" ? 0 : 1);
      } else {
        expect(answer.status).toBe(405);
        expect(answer.headers.get("allow")).toContain(door.methods[0]);
        expect(heard).toEqual([]);
      }
    },
  );

  test("a body that does not come is not waited for", async () => {
    if (!door.methods.includes("POST")) return;
    const answer = await rawRequest(hastySite.url, {
      head: headOf("POST", path, "Content-Length: 10"),
      body: ["a"],
      untilClosed: door.isStreamed,
    });
    expect(answer.status).toBe(door.isStreamed ? 401 : 408);
  });

  test("says with every answer what may run and load", async () => {
    const answers = [
      await rawRequest(site.url, { head: headOf(door.methods[0]!, path) }),
      await rawRequest(site.url, { head: headOf("DELETE", path) }),
      await rawRequest(site.url, { head: headOf(bodyMethod(door), path, "Content-Length: 1e99") }),
    ];
    for (const { headers, status } of answers.filter((answer) =>
      answer.headers.has("x-request-id"),
    )) {
      const policy = headers.get("content-security-policy") ?? "";
      expect(policy, String(status)).toMatch(
        door.kind === "page" || door.kind === "asset"
          ? /^default-src 'self'; /
          : /^default-src 'none'; sandbox; frame-ancestors 'none'$/,
      );
      if (door.kind === "page") expect(policy).toMatch(/; script-src 'self' 'nonce-[^']{24}' /);
      expect(policy).not.toMatch(/script-src[^;]*unsafe/);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("x-frame-options")).toBe("DENY");
      expect(headers.get("strict-transport-security")).toBeNull();
    }
    expect(answers[0]!.headers.has("x-request-id")).toBe(true);
  });
});

test("a body within its limit comes in whole, however it is cut", async () => {
  const path = "/api/auth/[...all]";
  const text = "x".repeat(10_000);
  const atOnce = await rawRequest(site.url, {
    head: headOf("POST", path, `Content-Length: ${text.length}`, "Connection: close"),
    body: [text],
  });
  expect(atOnce.body).toContain("10000");
  const inPieces = await rawRequest(site.url, {
    head: headOf("POST", path, "Transfer-Encoding: chunked", "Connection: close"),
    body: Array.from(text, (letter) => `1\r\n${letter}\r\n`).concat("0\r\n\r\n"),
  });
  expect(inPieces.body).toContain("10000");
});

test.each(["/api/nothing", "/api", "/api/projects/1/imports/2"])(
  "%s does not exist, and nobody is asked",
  async (path) => {
    const head = headOf("POST", path, "Content-Length: 400000000");
    const answer = await rawRequest(site.url, { head });
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(heard).toEqual([]);
  },
);

test("who sends no headers, or a part of them, is closed", async () => {
  for (const head of [[], ["GET / HTTP/1.1"]]) {
    const { port } = new URL(hastySite.url);
    const text = head.join("\r\n");
    const socket = connect(Number(port), "127.0.0.1");
    socket.on("error", () => undefined);
    let isClosed = false;
    socket.on("close", () => (isClosed = true)).resume();
    socket.write(text);
    await vi.waitFor(() => expect(isClosed).toBe(true), { timeout: 30_000 });
  }
});

test("a connection that asks for nothing more is closed", async () => {
  const head = headOf("GET", "/api/health");
  const answer = await rawRequest(site.url, { head, untilClosed: true });
  expect(answer).toMatchObject({ status: 200, isClosed: true });
});

test("a connection becomes a socket only where there are sockets, and with few headers", async () => {
  const upgrade = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];
  const elsewhere = { head: headOf("GET", "/api/trpc/[trpc]", ...upgrade), untilClosed: true };
  expect((await rawRequest(site.url, elsewhere)).status).toBe(404);
  const many = Array.from({ length: 150 }, (_, i) => `X-${i}: 1`);
  const head = headOf("GET", "/socket.io/?EIO=4&transport=websocket", ...upgrade, ...many);
  expect((await rawRequest(site.url, { head, untilClosed: true })).status).toBe(431);
});

test("six large posts to a door before sign-in leave nothing in memory", async () => {
  const before = process.memoryUsage().rss;
  const answers = await Promise.all(
    Array.from({ length: 6 }, () =>
      rawRequest(site.url, {
        head: headOf("POST", "/api/auth/[...all]", "Transfer-Encoding: chunked"),
        body: chunked(450 * MIB),
        untilClosed: true,
      }),
    ),
  );
  expect(answers.map((answer) => answer.isClosed)).toEqual(Array(6).fill(true));
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * MIB);
});

test("an upload that trickles is cut off, one that its reader holds back is not", async () => {
  let upload: IncomingMessage | undefined;
  const slow = await aLiveSite(world.services, {
    limits: { ...LIMITS, ...SHORT_TIMES },
    onRequest: (request) => {
      upload = request;
      return Promise.resolve();
    },
  });
  try {
    const path = "/api/projects/[projectId]/imports";
    const trickle = await rawRequest(slow.url, {
      head: headOf("POST", path, "Content-Length: 1000000"),
      body: ["a"],
      untilClosed: true,
    });
    expect(trickle).toMatchObject({ status: 0, isClosed: true });

    upload = undefined;
    const { port } = new URL(slow.url);
    const headers = { "content-length": 8 * MIB };
    const sending = httpRequest({ port, method: "POST", path: addressOf(path), headers });
    sending.on("error", () => undefined);
    sending.end(Buffer.alloc(8 * MIB));
    const heldBack = await vi.waitFor(
      () => {
        expect(upload?.readableLength).toBeGreaterThan(0);
        return upload!;
      },
      { timeout: 30_000 },
    );
    await new Promise((resolve) => setTimeout(resolve, 3 * SHORT_TIMES.uploadWindowMs));
    let sizeBytes = 0;
    for await (const chunk of heldBack) sizeBytes += (chunk as Uint8Array).byteLength;
    expect(sizeBytes).toBe(8 * MIB);
    sending.destroy();
  } finally {
    await slow.close();
  }
});
