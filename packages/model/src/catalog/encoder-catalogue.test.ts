import { expect, test } from "vitest";

import { ENCODER_CATALOGUE, findCatalogued } from "./encoder-catalogue.ts";
import { EncoderInfo } from "./encoder-info.ts";
import { viewEncoder } from "./encoder-view.ts";

test("every encoder of the catalogue is described in full before it is fetched", () => {
  const names = ENCODER_CATALOGUE.map((encoder) => encoder.name);
  expect(new Set(names).size).toBe(names.length);
  for (const { info, sizeBytes, hasText, repository, name } of ENCODER_CATALOGUE) {
    expect(EncoderInfo.parse(info)).toEqual(info);
    expect(Number.isInteger(info.gridSize)).toBe(true);
    expect(repository.endsWith(`/${name}`)).toBe(true);
    expect(info.text !== null).toBe(hasText);
    // Twelve squares of the width a block, in single precision, and not much besides.
    const { width = 0, depth = 0 } = info.transformer ?? {};
    expect(sizeBytes).toBeGreaterThan(48 * depth * width ** 2);
    expect(sizeBytes).toBeLessThan(hasText ? 2e9 : 1.2 * 48 * depth * width ** 2);
  }
});

test("CNC's encoder at the paper's size: 16 × 16 tokens in a joint space of 768", () => {
  const { info } = findCatalogued("clip-vit-large-patch14-336")!;
  expect(info).toMatchObject({ inputSize: 336, gridSize: 24, text: { width: 768 } });
  const paper = viewEncoder(info, { inputSize: 224, space: "joint", globals: true });
  expect(paper.gridSize).toBe(16);
  expect(paper.layers.map(({ name, channels }) => [name, channels])).toEqual([
    ["block6", 768],
    ["block12", 768],
    ["block18", 768],
  ]);
  // 18 blocks over 257 tokens: 257 · 12 · 1024² + 2 · 257² · 1024 each, the patches, three projections.
  const blocks = 18 * (257 * 12 * 1024 ** 2 + 2 * 257 ** 2 * 1024);
  const rest = 256 * 1024 * 3 * 14 ** 2 + 3 * 257 * 1024 * 768;
  expect(paper.gigaMacsPerImage).toBeCloseTo((blocks + rest) / 1e9, 9);
  expect(paper.gigaMacsPerImage).toBeLessThan(info.gigaMacsPerImage / 2);
});

test("a network that was exported for one size is seen as it is", () => {
  const { info } = findCatalogued("dinov2-base")!;
  const fixed = { ...info, name: "resnet18", kind: "conv", transformer: null } as const;
  expect(viewEncoder(fixed, { space: "joint", globals: true })).toEqual(fixed);
  expect(() => viewEncoder(fixed, { layers: [1, 2, 3] })).toThrow(
    "Expected no choice of layers for resnet18, a convolutional network, got 1, 2, 3",
  );
  expect(() => viewEncoder(fixed, { inputSize: 448 })).toThrow(
    "Expected an input size of 224 for resnet18, the one it was exported for, got 448",
  );
});
