import { isAppError } from "@loupe/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";

import { requireZip } from "./require-zip.ts";

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < bytes.length; i += size)
    yield await Promise.resolve(bytes.subarray(i, i + size));
}

async function read(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
}

test("passes a zip through unchanged, however its first bytes are cut", async () => {
  const rest = fc.uint8Array({ maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(rest, fc.integer({ min: 1, max: 9 }), async (tail, size) => {
      const zip = Buffer.concat([Buffer.from("PK\u0003\u0004"), tail]);
      expect(await read(requireZip(inChunks(zip, size), "a.zip"))).toEqual(zip);
    }),
  );
});

test.each(["", "PK", "\u0089PNG\r\n", "Rar!\u001a\u0007", "<svg"])(
  "refuses %j",
  async (content) => {
    const reading = read(requireZip(inChunks(Buffer.from(content, "latin1"), 3), "a.zip"));
    const error: unknown = await reading.catch((thrown: unknown) => thrown);
    expect(isAppError(error) && error.code).toBe("IMPORT_REFUSED");
  },
);
