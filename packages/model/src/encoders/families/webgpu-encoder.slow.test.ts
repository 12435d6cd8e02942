import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import { openSession, type Provider } from "../../session/index.ts";
import { whyNoSoftwareGpu } from "../../testing/software-gpu.ts";
import { noise, readEncoderFixture, writeTinyCheckpoint } from "../../testing/tiny-checkpoint.ts";
import { fromFloat16 } from "../../tensor/index.ts";
import type { EncoderSource } from "../encoder-source.ts";
import { featureNames } from "../feature-layout.ts";
import { locateEncoder } from "../find-encoder.ts";

const REASON = whyNoSoftwareGpu();

async function features(source: EncoderSource, provider: Provider): Promise<number[][]> {
  const { inputSize } = source.info;
  const session = await openSession(await source.buildModel(1, provider), { provider });
  try {
    const outputs = await session.run({ pixels: noise("pixels", [1, 3, inputSize, inputSize]) });
    return featureNames(source.info).map((name) => {
      const { data } = outputs[name]!;
      return Array.from(data instanceof Uint16Array ? fromFloat16(data) : (data as Float32Array));
    });
  } finally {
    await session.close();
  }
}

test.skipIf(REASON !== null)(
  `a GPU without half precision gives the features of the CPU (${REASON ?? "tested"})`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "loupe-webgpu-"));
    try {
      await writeTinyCheckpoint(folder, readEncoderFixture("clip"));
      const view = { layers: [1, 2, 3], inputSize: 24, space: "joint", globals: true } as const;
      const source = await locateEncoder(folder, view);
      const [cpu, gpu] = [await features(source, "cpu"), await features(source, "webgpu")];
      expect(gpu).toHaveLength(6);
      for (const [index, expected] of cpu.entries()) {
        const largest = Math.max(...expected.map(Math.abs));
        const errors = expected.map((value, at) => Math.abs(value - gpu[index]![at]!));
        // Half precision keeps 11 bits.
        expect(Math.max(...errors) / largest).toBeLessThan(2 ** -11);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);
