import type { ImportId, ProjectId } from "@loupe/contracts";
import { testDatabase } from "@loupe/db/testing";
import { createLogger } from "@loupe/platform";
import { randomUUID } from "node:crypto";
import { beforeEach, expect, onTestFinished, test } from "vitest";

import { hearTelemetry, type HeardTelemetry } from "../testing/hear-telemetry.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { waitUntil } from "../testing/wait-until.ts";
import { TelemetryNotifier } from "./telemetry-notifier.ts";

const database = testDatabase();
const logger = createLogger("test", { level: "silent" });
const projectId = randomUUID() as ProjectId;
const imports = [1, 2, 3].map(() => randomUUID() as ImportId);
let heard: HeardTelemetry;

beforeEach(async () => {
  heard = await hearTelemetry(database.url);
  onTestFinished(() => heard.close());
});

function aNotifier() {
  const clock = new ManualClock();
  const notifier = new TelemetryNotifier({ sql: database.db.pool, logger, clock });
  const tell = (at: number, filesDone: number) =>
    notifier.tell({
      projectId,
      body: { type: "import.files", importId: imports[at]!, filesDone, filesTotal: 900 },
    });
  return { clock, notifier, tell };
}

const counts = () =>
  heard.messages.map(({ news }) =>
    news.map(({ body }) => (body.type === "import.files" ? body.filesDone : -1)),
  );
const hear = (messages: number) =>
  waitUntil(`${messages} messages`, () => Promise.resolve(heard.messages.length >= messages));

test("the first news leaves at once; the last of the next half second leaves at its end", async () => {
  const { clock, tell } = aNotifier();
  tell(0, 1);
  clock.advance(0);
  await hear(1);
  for (const filesDone of [2, 3, 4]) {
    tell(0, filesDone);
    clock.advance(100);
  }
  clock.advance(200);
  await hear(2);
  expect(counts()).toEqual([[1], [4]]);
});

test("ten seconds of busy work in three places cost two notifications a second", async () => {
  const { clock, notifier, tell } = aNotifier();
  for (let at = 0; at < 1_000; at++) {
    tell(at % 3, at);
    clock.advance(10);
  }
  await notifier.flush();
  await hear(21);
  expect(counts()).toHaveLength(21);
  expect(counts().at(-1)!.toSorted()).toEqual([997, 998, 999]);
});

test("what cannot be sent is dropped, and what comes later is sent", async () => {
  const clock = new ManualClock();
  let isDown = true;
  const pool = database.db.pool;
  const sql = {
    query: (text: string, values?: unknown[]) =>
      pool.query<Record<string, unknown>>(
        isDown ? "select no_such_function()" : text,
        isDown ? [] : values,
      ),
  };
  const notifier = new TelemetryNotifier({ sql, logger, clock });
  const tell = (filesDone: number) =>
    notifier.tell({
      projectId,
      body: { type: "import.files", importId: imports[0]!, filesDone, filesTotal: 900 },
    });
  tell(1);
  await notifier.flush();
  isDown = false;
  tell(2);
  await notifier.flush();
  await hear(1);
  expect(counts()).toEqual([[2]]);
});
