import { testDatabase } from "@loupe/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

import { aWebWorld, type WebWorld } from "../../testing/a-web-world.ts";
import { aLiveSite } from "../../testing/live-site.ts";
import { rawRequest } from "../../testing/raw-request.ts";

const database = testDatabase();
let world: WebWorld;

beforeAll(async () => {
  world = await aWebWorld(database.db);
});
afterAll(() => world.close());

const headOf = (path: string, ...headers: string[]) => [
  `GET ${path} HTTP/1.1`,
  "Host: localhost",
  ...headers,
];

test("behind https browsers are told to stay there", async () => {
  const secure = await aLiveSite(world.services, {
    baseUrl: "https://loupe.example",
    onRequest: (_request, response) => Promise.resolve(void response.end()),
  });
  try {
    for (const path of ["/", "/api/health", "/socket.io/", "/_next/x", "/api/nothing"]) {
      const answer = await rawRequest(secure.url, { head: headOf(path) });
      expect(answer.headers.get("strict-transport-security")).toBe("max-age=31536000");
    }
  } finally {
    await secure.close();
  }
});

test("a page's scripts have another number each time, which only the server chooses", async () => {
  const seen: (string | string[] | undefined)[] = [];
  const pages = await aLiveSite(world.services, {
    onRequest: (request, response) => {
      seen.push(request.headers["content-security-policy"]);
      response.end();
      return Promise.resolve();
    },
  });
  try {
    const head = headOf("/", "Content-Security-Policy: script-src 'nonce-mine'");
    const answers = [];
    for (let i = 0; i < 2; i++) answers.push(await rawRequest(pages.url, { head }));
    const sent = answers.map(({ headers }) => headers.get("content-security-policy"));
    expect(seen).toEqual(sent);
    expect(sent[0]).not.toBe(sent[1]);
    expect(sent.join(" ")).not.toContain("mine");
  } finally {
    await pages.close();
  }
});
