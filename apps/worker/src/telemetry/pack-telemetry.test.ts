import { type ImportId, NOTIFY_LIMIT_BYTES, type ProjectId, type RunId } from "@loupe/contracts";
import { expect, test } from "vitest";

import { addTelemetry } from "./add-telemetry.ts";
import { packTelemetry } from "./pack-telemetry.ts";

const id = (n: number) => `018f0000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const projectId = id(1) as ProjectId;

const points = (run: number, from: number, to: number) => pointsOf(1, { run, from, to });

function pointsOf(
  attempt: number,
  { run, from, to }: { readonly run: number; readonly from: number; readonly to: number },
) {
  const steps = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  return {
    projectId,
    body: {
      type: "run.points",
      runId: id(run) as RunId,
      attempt,
      afterStep: from - 1,
      points: steps.map((step) => ({ step, loss: 1 / 3, terms: { cosine: 1 / 7 } })),
      step: to,
      loss: 1 / 3,
      stepsPerSecond: 40,
      secondsLeft: 9,
    },
  } as const;
}
const files = (n: number) =>
  ({
    projectId,
    body: { type: "import.files", importId: id(n) as ImportId, filesDone: n, filesTotal: 90 },
  }) as const;

const bytes = (message: unknown) => Buffer.byteLength(JSON.stringify(message));
const add = (...news: readonly Parameters<typeof addTelemetry>[1][]) => [
  ...news
    .reduce(
      (waiting, each) => addTelemetry(waiting, each),
      new Map() as ReturnType<typeof addTelemetry>,
    )
    .values(),
];

test("what fits goes as one message, unchanged", () => {
  const news = [points(2, 1, 20), points(3, 1, 20), files(4)];
  expect(packTelemetry(news)).toEqual([{ kind: "telemetry", news }]);
});

test("points that do not fit stay out, the longest first; the step that they lead to stays", () => {
  const [message, ...others] = packTelemetry([points(2, 1, 20), points(3, 1, 500), files(4)]);
  expect(others).toEqual([]);
  expect(bytes(message)).toBeLessThanOrEqual(NOTIFY_LIMIT_BYTES);
  expect(message!.news[0]).toEqual(points(2, 1, 20));
  const { body } = points(3, 1, 500);
  expect(message!.news[1]).toEqual({ projectId, body: { ...body, points: [] } });
  expect(message!.news[2]).toEqual(files(4));
});

test("more things than one message holds are told in several, each of them once", () => {
  const news = Array.from({ length: 150 }, (_, n) => files(n));
  const messages = packTelemetry(news);
  expect(messages.length).toBeLessThanOrEqual(4);
  for (const message of messages) {
    expect(bytes(message)).toBeLessThanOrEqual(NOTIFY_LIMIT_BYTES);
  }
  expect(messages.flatMap((message) => message.news)).toEqual(news);
});

test("of what waits only the newest of each thing is told, with all of its points", () => {
  const told = add(points(2, 1, 3), files(4), points(3, 1, 1), points(2, 4, 5), files(4));
  expect(told).toEqual([points(2, 1, 5), files(4), points(3, 1, 1)]);
});

test("points of another attempt, or behind a hole, do not pass for the next ones", () => {
  const again = pointsOf(2, { run: 2, from: 2, to: 4 });
  expect(add(points(2, 1, 3), again)).toEqual([again]);
  expect(add(points(2, 1, 3), points(2, 6, 7))).toEqual([points(2, 6, 7)]);
});
