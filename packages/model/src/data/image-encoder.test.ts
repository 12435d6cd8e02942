import { expect, test } from "vitest";

import { DEFAULT_ENCODER } from "../catalog/default-encoder.ts";
import { locateEncoder } from "../encoders/find-encoder.ts";
import { featureNames } from "../encoders/feature-layout.ts";
import { openSession } from "../session/index.ts";
import { float32, sample, type Tensor } from "../tensor/index.ts";

const IMAGES = 3;

test("threads and batches change no bit of the shipped encoder's features", async () => {
  const source = await locateEncoder(DEFAULT_ENCODER);
  const { inputSize } = source.info;
  const shape = [3, inputSize, inputSize];
  const images = Array.from({ length: IMAGES }, (_, seed) => {
    const { data } = sample({ kind: "uniform", low: -2, high: 2 }, shape, seed);
    return data as Float32Array;
  });

  /** Bits of each picture's features when `batch` of them go through a session together. */
  const encode = async (batch: number, threads: number): Promise<string[]> => {
    const session = await openSession(await source.buildModel(batch, "cpu"), {
      provider: "cpu",
      threads,
    });
    const bits: string[] = [];
    for (let start = 0; start < IMAGES; start += batch) {
      const pixels = new Float32Array(batch * images[0]!.length);
      for (let row = 0; row < batch; row++) {
        pixels.set(images[start + row]!, row * images[0]!.length);
      }
      const outputs = await session.run({ pixels: float32([batch, ...shape], pixels) });
      const part = (name: string, row: number): string => {
        const { data } = outputs[name] as Tensor;
        const size = data.length / batch;
        return Buffer.from(
          (data as Uint16Array).slice(row * size, (row + 1) * size).buffer,
        ).toString("base64");
      };
      for (let row = 0; row < batch; row++) {
        bits.push(
          featureNames(source.info)
            .map((name) => part(name, row))
            .join(),
        );
      }
    }
    await session.close();
    return bits;
  };

  const alone = await encode(1, 1);
  expect(new Set(alone).size).toBe(IMAGES);
  expect(await encode(1, 3)).toEqual(alone);
  expect(await encode(IMAGES, 2)).toEqual(alone);
});
