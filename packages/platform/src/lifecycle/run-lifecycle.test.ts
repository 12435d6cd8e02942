import { expect, test } from "vitest";

import { createLogger } from "../logging/create-logger.ts";
import { runLifecycle, type Service } from "./run-lifecycle.ts";

const logger = createLogger("test", { level: "silent" });

function recording(log: string[], name: string, faults: Partial<Service> = {}): Service {
  return {
    name,
    start: () => Promise.resolve(void log.push(`start ${name}`)),
    stop: () => Promise.resolve(void log.push(`stop ${name}`)),
    ...faults,
  };
}

test("services start in order and stop in reverse, once, whoever asks", async () => {
  const log: string[] = [];
  const services = [recording(log, "database"), recording(log, "queue"), recording(log, "web")];
  const lifecycle = await runLifecycle({ services, logger });
  await Promise.all([lifecycle.stop("one"), lifecycle.stop("two")]);
  expect(log).toEqual([
    "start database",
    "start queue",
    "start web",
    "stop web",
    "stop queue",
    "stop database",
  ]);
  expect(await lifecycle.stopped).toBe(true);
});

test("SIGTERM stops everything, and afterwards nobody listens to signals any more", async () => {
  const log: string[] = [];
  const before = process.listenerCount("SIGTERM");
  const lifecycle = await runLifecycle({ services: [recording(log, "web")], logger });
  process.emit("SIGTERM", "SIGTERM");
  expect(await lifecycle.stopped).toBe(true);
  expect(log).toEqual(["start web", "stop web"]);
  expect(process.listenerCount("SIGTERM")).toBe(before);
});

test("when one does not start, those before it are stopped and its error is told", async () => {
  const log: string[] = [];
  const broken = recording(log, "queue", { start: () => Promise.reject(new Error("no tables")) });
  const services = [recording(log, "database"), broken, recording(log, "web")];
  await expect(runLifecycle({ services, logger })).rejects.toThrow("no tables");
  expect(log).toEqual(["start database", "stop database"]);
});

test("one that hangs or fails while stopping does not keep the others up", async () => {
  const log: string[] = [];
  const services = [
    recording(log, "database"),
    recording(log, "hanging", { stop: () => new Promise(() => undefined) }),
    recording(log, "failing", { stop: () => Promise.reject(new Error("broken")) }),
  ];
  const lifecycle = await runLifecycle({ services, logger, stopTimeoutMs: 30 });
  await lifecycle.stop("test");
  expect(log.at(-1)).toBe("stop database");
  expect(await lifecycle.stopped).toBe(false);
});
