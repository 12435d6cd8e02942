import { Readable } from "node:stream";

import { expect, test } from "vitest";

import { serveStream, type ServedFile } from "./serve-stream.ts";

function aFile(file: Partial<ServedFile> = {}) {
  let opened = 0;
  const served: ServedFile = {
    tag: "abc",
    contentType: "image/png",
    sizeBytes: 4,
    isImmutable: true,
    open: () => {
      opened++;
      return Promise.resolve(Readable.from([Buffer.from("data")]));
    },
    ...file,
  };
  return { served, timesOpened: () => opened };
}

const ask = (headers: Record<string, string> = {}) =>
  new Request("http://localhost/x", { headers });

test("streams with our type, sealed against sniffing and scripts, for this reader only", async () => {
  const answer = await serveStream(ask(), aFile().served);
  expect(await answer.text()).toBe("data");
  expect(answer.headers.get("content-type")).toBe("image/png");
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  expect(answer.headers.get("content-security-policy")).toContain("sandbox");
  expect(answer.headers.get("cache-control")).toMatch(/^private, .*immutable$/);
  expect(answer.headers.get("vary")).toBe("Cookie");
});

test("does not send or even open what the browser has", async () => {
  const { served, timesOpened } = aFile({ isImmutable: false });
  const answer = await serveStream(ask({ "if-none-match": '"old", W/"abc"' }), served);
  expect(answer.status).toBe(304);
  expect(answer.headers.get("cache-control")).toBe("private, no-cache");
  expect(timesOpened()).toBe(0);
});

test("says of a file what it would send without opening it", async () => {
  const { served, timesOpened } = aFile();
  const answer = await serveStream(new Request("http://localhost/x", { method: "HEAD" }), served);
  expect(answer.headers.get("content-length")).toBe("4");
  expect(answer.headers.get("content-type")).toBe("image/png");
  expect(await answer.text()).toBe("");
  expect(timesOpened()).toBe(0);
});

test("a download's name cannot break out of its header", async () => {
  const { served } = aFile({ downloadName: 'run "7"\r\nx: y — ü.loupe' });
  const answer = await serveStream(ask(), served);
  const disposition = answer.headers.get("content-disposition") ?? "";
  expect(disposition).toMatch(
    /^attachment; filename="[A-Za-z0-9._-]+"; filename\*=UTF-8''[\w%.~!-]+$/,
  );
  expect(decodeURIComponent(disposition.split("UTF-8''")[1]!)).toContain("— ü.loupe");
});
