import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import {
  openTrainingSession,
  type TrainingProgram,
  type TrainingSession,
} from "../session/index.ts";
import type { Tensor } from "../tensor/index.ts";
import {
  halfFeeds,
  smallContext,
  smallGradientMethods,
  smallProgram,
} from "../testing/small-methods.ts";
import { readCheckpoint, writeCheckpoint } from "./checkpoint.ts";

const STEPS = 6;
const STOPPED_AFTER = 3;
const CONFIGURATION = "the same";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "loupe-resume-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function withSession<T>(
  program: TrainingProgram,
  use: (session: TrainingSession) => Promise<T>,
): Promise<T> {
  const session = await openTrainingSession(program, { provider: "cpu", threads: 1, seed: 5 });
  return use(session).finally(() => session.close());
}

/** Losses, norms and terms of the steps, and the bits of the state after them. */
async function take(
  program: TrainingProgram,
  session: TrainingSession,
  { from, to }: { from: number; to: number },
) {
  const told: unknown[] = [];
  for (let step = from; step < to; step++) {
    const feeds = halfFeeds([program.outputs.loss!], step);
    told.push(await session.step({ learningRate: 1e-2, feeds }));
  }
  const { tensors } = await session.readState();
  return { told, bits: bitsOf(tensors) };
}

const bitsOf = (state: Readonly<Record<string, Tensor>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(state).map(([name, { data }]) => [
      name,
      Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64"),
    ]),
  );

test.each(smallGradientMethods)(
  "%s: the same seed gives the same bits, and so does going on from a checkpoint",
  async (name) => {
    const made = () => smallProgram(name, smallContext(STEPS));
    const program = await made();
    const whole = await withSession(program, (session) =>
      take(program, session, { from: 0, to: STEPS }),
    );

    const again = await made();
    const first = await withSession(again, async (session) => {
      const taken = await take(again, session, { from: 0, to: STOPPED_AFTER });
      const { step, tensors: state } = await session.readState();
      const progress = { step, tail: { sum: 0, count: 0 } };
      await writeCheckpoint(folder, CONFIGURATION, { progress, state: { ...state } });
      return taken;
    });
    const found = await readCheckpoint(folder, CONFIGURATION);
    expect(found?.progress.step).toBe(STOPPED_AFTER);
    const rest = await withSession(again, async (session) => {
      await session.loadState({ step: found!.progress.step, tensors: found!.state });
      return take(again, session, { from: STOPPED_AFTER, to: STEPS });
    });

    expect([...first.told, ...rest.told]).toEqual(whole.told);
    expect(rest.bits).toEqual(whole.bits);
    expect(first.bits).not.toEqual(whole.bits);
  },
);
