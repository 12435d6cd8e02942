import sharp from "sharp";
import { expect, test } from "vitest";

import { SNIFF_BYTES, sniffImageType } from "./sniff-image-type.ts";

const picture = sharp({ create: { width: 3, height: 2, channels: 3, background: "#335577" } });

test.each(["png", "jpeg", "webp"] as const)("knows %s by its first bytes", async (format) => {
  const bytes = await picture.clone().toFormat(format).toBuffer();
  expect(sniffImageType(bytes.subarray(0, SNIFF_BYTES))).toBe(`image/${format}`);
});

test("takes nothing else for an image, whatever it is called", () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>';
  expect(sniffImageType(Buffer.from(svg))).toBeNull();
  expect(sniffImageType(Buffer.from("<!doctype html>"))).toBeNull();
  expect(sniffImageType(new Uint8Array())).toBeNull();
});
