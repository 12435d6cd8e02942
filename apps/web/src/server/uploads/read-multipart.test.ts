import { text } from "node:stream/consumers";

import { isAppError } from "@loupe/contracts";
import { expect, test } from "vitest";

import { formBody } from "../../testing/form-body.ts";
import { readMultipart, type IncomingFile } from "./read-multipart.ts";

const URL_OF_FORM = "http://localhost/upload";

async function aRequest(form: FormData, headers?: Record<string, string>): Promise<Request> {
  const { body, headers: ofForm } = await formBody(form);
  return new Request(URL_OF_FORM, {
    method: "POST",
    body,
    headers: { ...ofForm, ...headers },
    duplex: "half",
  } as RequestInit);
}

/** Everything that a form brought, in order. */
async function readAll(request: Request, limits = { maxTotalBytes: 1e6, maxFiles: 100 }) {
  const files: [string, string, string][] = [];
  const onFile = async ({ field, fileName, source }: IncomingFile) => {
    const content = await text(source);
    files.push([field, fileName, content]);
  };
  const fields = await readMultipart(request, { ...limits, onFile });
  return { files, fields };
}

async function codeOf(reading: Promise<unknown>): Promise<string> {
  const error: unknown = await reading.then(
    () => "nothing was thrown",
    (thrown: unknown) => thrown,
  );
  return isAppError(error) ? error.code : String(error);
}

test("hands out files one after the other, with folders in their names, and the fields", async () => {
  const form = new FormData();
  form.append("files", new Blob(["first"]), "part/train/good/ü 1.png");
  form.append("name", "Line 2");
  for (let i = 0; i < 20; i++) form.append("files", new Blob([`file ${i}`]), `part/${i}.png`);
  const { files, fields } = await readAll(await aRequest(form));

  expect(files[0]).toEqual(["files", "part/train/good/ü 1.png", "first"]);
  expect(files.slice(1).map(([, name, content]) => [name, content])).toEqual(
    Array.from({ length: 20 }, (_, i) => [`part/${i}.png`, `file ${i}`]),
  );
  expect([...fields]).toEqual([["name", "Line 2"]]);
});

test("a slow taker holds the form back instead of filling the memory", async () => {
  const chunk = new Uint8Array(64 * 1024).fill(97);
  const boundary = "XBOUNDARYX";
  let sent = 0;
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n`;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (sent === 0) controller.enqueue(new TextEncoder().encode(head));
        sent += chunk.byteLength;
        if (sent > 64 * 1024 ** 2) {
          controller.enqueue(new TextEncoder().encode(`\r\n--${boundary}--\r\n`));
          controller.close();
        } else controller.enqueue(chunk);
      },
    },
    { highWaterMark: 0 },
  );
  const request = new Request(URL_OF_FORM, {
    method: "POST",
    body,
    headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
    duplex: "half",
  } as RequestInit);

  let sentBeforeReading = 0;
  let received = 0;
  await readMultipart(request, {
    maxTotalBytes: 1e9,
    maxFiles: 1,
    onFile: async ({ source }) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      sentBeforeReading = sent;
      for await (const part of source) received += (part as Uint8Array).byteLength;
    },
  });
  expect(received).toBeGreaterThan(63 * 1024 ** 2);
  expect(sentBeforeReading).toBeLessThan(2 * 1024 ** 2);
});

test("refuses what is not a multipart form", async () => {
  const json = new Request(URL_OF_FORM, { method: "POST", body: "{}" });
  expect(await codeOf(readAll(json))).toBe("BAD_INPUT");
  const noBoundary = new Request(URL_OF_FORM, {
    method: "POST",
    body: "x",
    headers: { "content-type": "multipart/form-data" },
  });
  expect(await codeOf(readAll(noBoundary))).toBe("BAD_INPUT");
  const truncated = new Request(URL_OF_FORM, {
    method: "POST",
    body: '--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nabc',
    headers: { "content-type": "multipart/form-data; boundary=x" },
  });
  expect(await codeOf(readAll(truncated))).toBe("BAD_INPUT");
});

test("refuses too much: by what is declared, by what comes, by the number of files", async () => {
  const form = new FormData();
  form.append("files", new Blob(["x".repeat(2000)]), "a.png");
  form.append("files", new Blob(["y"]), "b.png");
  const limits = { maxTotalBytes: 1000, maxFiles: 10 };
  expect(await codeOf(readAll(await aRequest(form), limits))).toBe("TOO_LARGE");
  expect(await codeOf(readAll(await aRequest(form, { "content-length": "5000" }), limits))).toBe(
    "TOO_LARGE",
  );
  expect(await codeOf(readAll(await aRequest(form), { maxTotalBytes: 1e6, maxFiles: 1 }))).toBe(
    "TOO_LARGE",
  );
});

test("stops at the first file that its taker refuses", async () => {
  const form = new FormData();
  for (let i = 0; i < 5; i++) form.append("files", new Blob(["z".repeat(300_000)]), `${i}.png`);
  const taken: string[] = [];
  const reading = readMultipart(await aRequest(form), {
    maxTotalBytes: 1e8,
    maxFiles: 10,
    onFile: async ({ fileName, source }) => {
      taken.push(fileName);
      if (fileName === "1.png") throw new Error("not this one");
      await text(source);
    },
  });
  await expect(reading).rejects.toThrow("not this one");
  expect(taken).toEqual(["0.png", "1.png"]);
});

test("fails when the client goes away in the middle, and so does the file's taker", async () => {
  const boundary = "x";
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nabc`;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(head));
      setTimeout(() => controller.error(new Error("socket hang up")), 20);
    },
  });
  const request = new Request(URL_OF_FORM, {
    method: "POST",
    body,
    headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
    duplex: "half",
  } as RequestInit);
  let takerFailed = false;
  const reading = readMultipart(request, {
    maxTotalBytes: 1e6,
    maxFiles: 1,
    onFile: async ({ source }) => {
      await text(source).catch((error: unknown) => {
        takerFailed = true;
        throw error;
      });
    },
  });
  await expect(reading).rejects.toThrow("socket hang up");
  expect(takerFailed).toBe(true);
});
