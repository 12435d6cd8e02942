import { Readable } from "node:stream";

import type { ByteRange } from "@loupe/platform";
import { describe, expect, test } from "vitest";

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

describe("a part of a file", () => {
  const { served: whole, timesOpened } = aFile();
  const openRange = ({ offset, length }: ByteRange) =>
    Promise.resolve(Readable.from([Buffer.from("data").subarray(offset, offset + length)]));
  const served = { ...whole, openRange };

  test("is sent when it is asked for, with where it belongs", async () => {
    const answer = await serveStream(ask({ range: "bytes=1-2" }), served);
    expect(answer.status).toBe(206);
    expect(await answer.text()).toBe("at");
    expect(answer.headers.get("content-range")).toBe("bytes 1-2/4");
    expect(answer.headers.get("content-length")).toBe("2");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    const rest = await serveStream(ask({ range: "bytes=3-", "if-range": '"abc"' }), served);
    expect(await rest.text()).toBe("a");
    expect(timesOpened()).toBe(0);
  });

  test("behind the end is refused with the size", async () => {
    const answer = await serveStream(ask({ range: "bytes=4-" }), served);
    expect(answer.status).toBe(416);
    expect(answer.headers.get("content-range")).toBe("bytes */4");
    expect(await answer.text()).toBe("");
  });

  test.each<[string, Record<string, string>, ServedFile]>([
    ["of other content than the reader has", { range: "bytes=1-", "if-range": '"old"' }, served],
    ["among several", { range: "bytes=0-0,2-2" }, served],
    ["of what has no parts", { range: "bytes=1-" }, whole],
  ])("%s is passed over for the whole", async (_what, headers, file) => {
    const answer = await serveStream(ask(headers), file);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe("data");
    expect(answer.headers.get("accept-ranges")).toBe(file === whole ? null : "bytes");
  });

  test("is not sent again to a reader that has the whole, nor to one that only asks", async () => {
    const has = { range: "bytes=1-", "if-none-match": '"abc"' };
    expect((await serveStream(ask(has), served)).status).toBe(304);
    const head = new Request("http://localhost/x", {
      method: "HEAD",
      headers: { range: "bytes=1-" },
    });
    expect((await serveStream(head, served)).headers.get("content-length")).toBe("4");
  });
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
