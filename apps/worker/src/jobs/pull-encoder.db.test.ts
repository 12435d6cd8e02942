import { aWorld, testDatabase } from "@loupe/db/testing";
import { createLogger } from "@loupe/platform";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { scratchFolder } from "../testing/scratch-folder.ts";
import type { WorkerServices } from "../worker-services.ts";
import { pullEncoder } from "./pull-encoder.ts";

const database = testDatabase();
const scratch = scratchFolder();

beforeEach(() => {
  vi.stubEnv("LOUPE_HOME", scratch.path);
  vi.stubEnv("LOUPE_ENCODERS", undefined);
  // A port on which nothing answers: a plant without a way out.
  vi.stubEnv("HF_ENDPOINT", "http://127.0.0.1:9");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

test("without a network the download ends with what to bring and where, and is not tried again", async () => {
  const { db } = database;
  const { projectId, engineer } = await aWorld(db);
  const encoder = "dinov2-small";
  const { pull } = await db.encoderPulls.request({ projectId, encoder, requestedById: engineer });
  const logger = createLogger("test", { level: "silent" });
  const refreshEncoders = vi.fn(() => Promise.resolve());
  const services = { db, logger, refreshEncoders } as unknown as WorkerServices;
  const context = {
    jobId: "1",
    attempt: 1,
    isLastAttempt: false,
    signal: new AbortController().signal,
    logger,
  };
  await pullEncoder(services, { pullId: pull.id }, context);

  const ended = await db.encoderPulls.find(pull.id);
  expect(ended).toMatchObject({ status: "failed" });
  expect(ended?.error).toContain("model.safetensors");
  expect(ended?.error).toContain(scratch.path);
  const events = await db.events.listAfter(projectId, 0, 10);
  expect(events.map(({ body }) => body)).toMatchObject([
    { type: "encoder.pull", pullId: pull.id, encoder, status: "failed" },
  ]);

  // Delivered again, it finds that everything has been said.
  await pullEncoder(services, { pullId: pull.id }, context);
  expect(await db.events.listAfter(projectId, 0, 10)).toHaveLength(1);
  expect(refreshEncoders).not.toHaveBeenCalled();
});
