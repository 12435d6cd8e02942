import { deriveKey, giveVerdict, listCases } from "@loupe/application";
import { can, isAppError, type CasePage, type CaseRow } from "@loupe/contracts";

import {
  begin,
  changeDemo,
  findMaker,
  personOf,
  type DemoJob,
  type PhaseOutcome,
} from "./demo-job.ts";
import {
  planVerdicts,
  type CaseStory,
  type KnownCase,
  type PlannedVerdict,
} from "./plan-verdicts.ts";

const PAGE = 500;
const PROGRESS_EVERY = 10;

/** Let the demo's reviewers decide a part of the cases, as they would themselves. */
export async function giveVerdicts(job: DemoJob): Promise<PhaseOutcome> {
  const { services, world, people, signal } = job;
  const reviewers = people
    .filter(({ role }) => role === "reviewer" && can(role, "case:decide"))
    .map(({ userId }) => userId);
  const rows = await listAllCases(job);
  const stories = planVerdicts(await withTruth(job, [...rows.values()]), reviewers);
  for (const [at, story] of stories.entries()) {
    signal.throwIfAborted();
    const row = rows.get(story.caseId);
    if (row !== undefined) await tellStory(job, row, story);
    if (at % PROGRESS_EVERY === 0) {
      const progress = { done: at + 1, total: stories.length };
      await services.db.transaction((tx) => changeDemo(tx, world, progress));
    }
  }
  await services.db.transaction((tx) => changeDemo(tx, world, begin("done")));
  return "goes on";
}

async function listAllCases(job: DemoJob): Promise<Map<string, CaseRow>> {
  const rows = new Map<string, CaseRow>();
  const maker = findMaker(job);
  if (maker === null) return rows;
  const { projectId } = job.world;
  let cursor: CasePage["nextCursor"] = null;
  do {
    const page: CasePage = await listCases(maker, job.services, {
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

/** Give the verdicts of a case that are still missing; one that a person has decided is theirs. */
async function tellStory(
  { services, world, logger }: DemoJob,
  { id: caseId, version, verdict: newest }: CaseRow,
  { verdicts }: CaseStory,
): Promise<void> {
  // An earlier delivery may have broken off in the middle of the story.
  const told =
    newest === null ? 0 : verdicts.findLastIndex((planned) => isSame(planned, newest)) + 1;
  if (newest !== null && told === 0) return;
  try {
    for (const [at, { authorId, ...verdict }] of verdicts.slice(told).entries()) {
      await giveVerdict(personOf(world, authorId), services, {
        ...verdict,
        projectId: world.projectId,
        caseId,
        seenVersion: version + at,
        idempotencyKey: deriveKey(world.id, `${caseId}/${told + at}`),
        // Only needed, and only kept, where a colleague had decided already.
        overturnReason: verdict.note.length >= 3 ? verdict.note : null,
      });
    }
  } catch (error) {
    // Somebody was quicker: what people decide counts.
    if (!isAppError(error) || error.code !== "CASE_CHANGED") throw error;
    logger.info({ caseId }, "left a case of the demo to the person who decided it");
  }
}

function isSame(planned: PlannedVerdict, given: NonNullable<CaseRow["verdict"]>): boolean {
  return (
    given.author.id === planned.authorId &&
    given.value === planned.value &&
    given.note === planned.note
  );
}
