import sharp from "sharp";
import { describe, expect, test } from "vitest";

import {
  PICTURE_HEAD_BYTES,
  recogniseBrowserFormat,
  recognisePicture,
} from "./recognise-picture.ts";

const picture = sharp({ create: { width: 3, height: 2, channels: 3, background: "#335577" } });
const bytes = (text: string) => Buffer.from(text, "latin1");

describe("recognisePicture", () => {
  test.each(["png", "jpeg", "webp"] as const)("takes %s by its first bytes", async (format) => {
    const head = (await picture.clone().toFormat(format).toBuffer()).subarray(
      0,
      PICTURE_HEAD_BYTES,
    );
    expect(await recognisePicture(head)).toEqual({ kind: "image", format });
    expect(recogniseBrowserFormat(head)).toBe(format);
  });

  test("takes what cameras write, to be converted", async () => {
    const tiff = (await picture.clone().tiff().toBuffer()).subarray(0, PICTURE_HEAD_BYTES);
    expect(await recognisePicture(tiff)).toEqual({ kind: "camera-picture", format: "tiff" });
    expect(recogniseBrowserFormat(tiff)).toBeNull();
  });

  test.each([
    ["GIF", "GIF89a\x01\0\x01\0"],
    ["BigTIFF", "II+\0"],
    ["BigTIFF", "MM\0+"],
    ["AVIF or HEIC", "\0\0\0\x1cftypavif\0\0\0\0"],
    ["AVIF or HEIC", "\0\0\0\x18ftypheic\0\0\0\0"],
    ["AVIF or HEIC", "\0\0\0\x18ftyphevc\0\0\0\0"],
    ["AVIF or HEIC", "\0\0\0\x18ftypmif1\0\0\0\0"],
    ["AVIF or HEIC", "\0\0\0\x18ftypmsf1\0\0\0\0"],
    ["JPEG XL", "\xff\n"],
    ["JPEG XL", "\0\0\0\fJXL \r\n\x87\n"],
    ["JPEG 2000", "\0\0\0\fjP  \r\n\x87\n\0\0\0\x14ftypjp2 "],
    ["JPEG 2000", "\xffO\xffQ"],
    ["Photoshop", "8BPS"],
    ["ICO", "\0\0\x01\0\x01\0"],
    ["SVG", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"],
    ["SVG", '\xef\xbb\xbf\n<?xml version="1.0"?><svg/>'],
  ])("names a picture that is not taken: %s", async (name, text) => {
    expect(await recognisePicture(bytes(text))).toEqual({ kind: "other-picture", name });
  });

  test.each([
    "",
    "hello",
    "BM is how this text begins",
    "%PDF-1.4",
    "<!doctype html>",
    "PK\x03\x04",
  ])("takes nothing else for a picture: %j", async (text) => {
    expect(await recognisePicture(bytes(text))).toEqual({ kind: "not-a-picture" });
    expect(recogniseBrowserFormat(bytes(text))).toBeNull();
  });
});
