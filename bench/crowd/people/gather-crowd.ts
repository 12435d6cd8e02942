import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import { Browser } from "./browser.ts";
import type { CrowdReport, CrowdTask } from "./protocol.ts";

/** So many people are asked when they heard of a verdict. */
const WATCHED = 20;
/** So many people give the verdicts, in turn. */
const JUDGES = 10;
/** A verdict that has not come after this long is lost. */
const PATIENCE_MS = 10_000;

/** Everyone comes at once, goes from case to case, and some judge. */
export async function gatherCrowd(task: CrowdTask): Promise<CrowdReport> {
  const browsers = task.cookies.map((cookie) => new Browser(task, cookie));
  const startedAt = performance.now();
  await Promise.all(browsers.map((browser) => browser.enter()));
  const joinMs = performance.now() - startedAt;

  const stopMoving = keepMoving(task, browsers);
  await sleep(task.moveEveryMs);
  for (const browser of browsers) browser.presenceMessages = 0;
  const judgedFrom = performance.now();
  const { verdictMs, lost } = await judge(task, browsers);
  const seconds = (performance.now() - judgedFrom) / 1000;
  const heard = browsers.map((browser) => browser.presenceMessages);
  stopMoving();
  for (const browser of browsers) browser.leave();
  return {
    joined: browsers.length,
    joinMs,
    verdictMs,
    verdicts: task.cases.length,
    lost,
    presencePerSecond: heard.reduce((sum, count) => sum + count, 0) / seconds,
    mostPresencePerSecond: Math.max(...heard) / seconds,
    mostShown: Math.max(...browsers.map((browser) => browser.mostShown)),
  };
}

/** Everyone opens another case now and then, spread evenly over the time. */
function keepMoving({ cases, moveEveryMs }: CrowdTask, browsers: readonly Browser[]): () => void {
  const everyMs = 20;
  let moved = 0;
  const startedAt = performance.now();
  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) / moveEveryMs) * browsers.length;
    for (; moved < due; moved++) {
      const round = Math.floor(moved / browsers.length);
      const next = cases[(moved + 7 * round) % cases.length];
      browsers[moved % browsers.length]?.lookAt(next?.id ?? null);
    }
  }, everyMs);
  return () => clearInterval(timer);
}

async function judge(task: CrowdTask, browsers: readonly Browser[]) {
  const sentAt = new Map<string, number>();
  const verdictMs: number[] = [];
  const watched = browsers.slice(-WATCHED);
  for (const browser of watched) {
    browser.onVerdict = (caseId) => {
      const at = sentAt.get(caseId);
      if (at !== undefined) verdictMs.push(performance.now() - at);
    };
  }
  const calls: Promise<void>[] = [];
  for (const [i, { id, version }] of task.cases.entries()) {
    sentAt.set(id, performance.now());
    calls.push(giveVerdict(task, { id, version, cookie: task.cookies[i % JUDGES] ?? "" }));
    await sleep(1000 / task.pace);
  }
  await Promise.all(calls);
  const expected = task.cases.length * watched.length;
  const deadline = performance.now() + PATIENCE_MS;
  while (verdictMs.length < expected && performance.now() < deadline) await sleep(20);
  return { verdictMs, lost: expected - verdictMs.length };
}

async function giveVerdict(
  { address, origin, projectId }: CrowdTask,
  { id, version, cookie }: { id: string; version: number; cookie: string },
): Promise<void> {
  const json = {
    projectId,
    caseId: id,
    value: "good",
    seenVersion: version,
    idempotencyKey: randomUUID(),
  };
  const response = await fetch(`${address}/api/trpc/review.verdict`, {
    method: "POST",
    headers: { cookie, origin, "content-type": "application/json" },
    body: JSON.stringify({ json }),
  });
  if (!response.ok) throw new Error(`A verdict was refused: ${await response.text()}`);
}
