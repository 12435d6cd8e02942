import { randomUUID } from "node:crypto";

import { can, isAppError, type CaseRow } from "@loupe/contracts";
import { recordEvent } from "@loupe/platform";

import { begin, changeDemo, type DemoJob, type PhaseOutcome } from "./demo-job.ts";
import { planVerdicts, type CaseStory, type KnownCase } from "./plan-verdicts.ts";

const PAGE = 500;
const PROGRESS_EVERY = 10;

/** Let the demo's reviewers decide a part of the cases, as they would themselves. */
export async function giveVerdicts(job: DemoJob): Promise<PhaseOutcome> {
  const { services, world, people, signal } = job;
  const reviewers = people
    .filter(({ role }) => role === "reviewer" && can(role, "case:decide"))
    .map(({ userId }) => userId);
  const rows = await listCases(job);
  const stories = planVerdicts(await withTruth(job, [...rows.values()]), reviewers);
  for (const [at, story] of stories.entries()) {
    signal.throwIfAborted();
    const row = rows.get(story.caseId);
    // What has a verdict is decided: by people, or by an earlier delivery.
    if (row !== undefined && row.verdict === null) await tellStory(job, row, story);
    if (at % PROGRESS_EVERY === 0) {
      const progress = { done: at + 1, total: stories.length };
      await services.db.transaction((tx) => changeDemo(tx, world, progress));
    }
  }
  await services.db.transaction((tx) => changeDemo(tx, world, begin("done")));
  return "goes on";
}

async function listCases({ services: { db }, world }: DemoJob): Promise<Map<string, CaseRow>> {
  const { projectId } = world;
  const rows = new Map<string, CaseRow>();
  let cursor: Awaited<ReturnType<typeof db.cases.list>>["nextCursor"] = null;
  do {
    const page: Awaited<ReturnType<typeof db.cases.list>> = await db.cases.list({
      projectId,
      state: "all",
      limit: PAGE,
      ...(cursor === null ? {} : { cursor }),
    });
    for (const row of page.rows) rows.set(row.id, row);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return rows;
}

/** The cases of the frozen version, in its order, which does not depend on scores. */
async function withTruth(
  { services: { db }, world }: DemoJob,
  rows: readonly CaseRow[],
): Promise<KnownCase[]> {
  if (world.datasetVersionId === null) return [];
  const byImage = new Map<string, CaseRow>(rows.map((row) => [row.imageId, row]));
  const items = await db.datasets.items(world.datasetVersionId);
  return items.flatMap(({ imageId, category, label, defectType }) => {
    const row = byImage.get(imageId);
    if (row === undefined || label === "unknown") return [];
    return [{ id: row.id, category, defectType: label === "good" ? null : defectType }];
  });
}

/** All verdicts of a case at once, so that it is told wholly or not at all. */
async function tellStory(
  { services: { db }, world: { projectId }, logger }: DemoJob,
  { id: caseId, version }: CaseRow,
  { verdicts }: CaseStory,
): Promise<void> {
  try {
    await db.transaction(async (tx) => {
      for (const [at, { authorId, ...verdict }] of verdicts.entries()) {
        const { row } = await tx.cases.giveVerdict({
          ...verdict,
          authorId,
          projectId,
          caseId,
          seenVersion: version + at,
          idempotencyKey: randomUUID(),
          // Only needed, and only kept, where a colleague had decided already.
          overturnReason: verdict.note.length >= 3 ? verdict.note : null,
        });
        if (row.verdict === null) throw new Error(`Expected case ${caseId} to have a verdict now`);
        const { state, version: raised, verdict: given } = row;
        const counts = await tx.cases.countScopes(projectId, [row]);
        await recordEvent(tx, {
          projectId,
          body: { type: "case.verdict", caseId, state, version: raised, verdict: given, counts },
          actorId: authorId,
        });
      }
    });
  } catch (error) {
    // Somebody was quicker: what people decide counts.
    if (!isAppError(error) || error.code !== "CASE_CHANGED") throw error;
    logger.info({ caseId }, "left a case of the demo to the person who decided it");
  }
}
