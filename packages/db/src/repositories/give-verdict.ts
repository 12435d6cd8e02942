import { AppError, type CaseChange, type CaseRow, stateAfterVerdict } from "@loupe/contracts";

import type { Prisma } from "../generated/client.ts";
import { notFound } from "../not-found.ts";
import { describeAuthor } from "./describe-author.ts";
import { CASE_ROW, caseRow } from "./case-view.ts";
import type { NewVerdict } from "./case-types.ts";

/**
 * Give a verdict on the version of the case that its author saw.
 *
 * Raising the version is one conditional update, which the database does for
 * one of any number of simultaneous verdicts. The others wait for its commit,
 * find the version raised and learn what changed. A double of the same request
 * waits in the same way and then finds its own first copy.
 */
export async function giveVerdict(
  tx: Prisma.TransactionClient,
  verdict: NewVerdict,
): Promise<{ row: CaseRow; isNew: boolean }> {
  const { caseId, projectId, seenVersion, value, idempotencyKey, authorId } = verdict;
  const earlier = await findEarlier(tx, verdict);
  if (earlier !== null) return { row: earlier, isNew: false };

  const state = stateAfterVerdict(value);
  const [raised] = await tx.case.updateManyAndReturn({
    where: { id: caseId, projectId, version: seenVersion },
    data: {
      version: { increment: 1 },
      state,
      decidedAt: state === "decided" ? new Date() : null,
    },
    select: { predictionId: true },
  });
  if (raised === undefined) {
    const double = await findEarlier(tx, verdict);
    if (double !== null) return { row: double, isNew: false };
    const row = await requireRow(tx, caseId, projectId);
    throw caseChanged(row, seenVersion);
  }
  await tx.verdict.create({
    data: {
      caseId,
      authorId,
      ...(await describeAuthor(tx, verdict)),
      value,
      // Only a defect has a type, whatever a form still held from before.
      defectType: value === "defective" ? verdict.defectType : null,
      note: verdict.note,
      seenVersion,
      predictionId: raised.predictionId,
      idempotencyKey,
    },
  });
  return { row: await requireRow(tx, caseId, projectId), isNew: true };
}

/** The case, when this very request has been carried out before. */
async function findEarlier(
  tx: Prisma.TransactionClient,
  { idempotencyKey, caseId, projectId, authorId }: NewVerdict,
): Promise<CaseRow | null> {
  const present = await tx.verdict.findUnique({ where: { idempotencyKey } });
  if (present === null) return null;
  if (present.caseId !== caseId || present.authorId !== authorId) {
    throw new AppError(
      "BAD_INPUT",
      "Expected a new idempotency key for this verdict, got one of another verdict. Make a key for each.",
      { caseId },
    );
  }
  return requireRow(tx, caseId, projectId);
}

async function requireRow(
  tx: Prisma.TransactionClient,
  id: string,
  projectId: string,
): Promise<CaseRow> {
  const row = await tx.case.findFirst({ where: { id, projectId }, include: CASE_ROW });
  if (row === null) throw notFound("case", id);
  return caseRow(row);
}

function caseChanged(row: CaseRow, seenVersion: number): AppError {
  const change: CaseChange = {
    currentVersion: row.version,
    state: row.state,
    verdict: row.verdict,
    score: row.score,
  };
  return new AppError(
    "CASE_CHANGED",
    `Expected a verdict on version ${row.version} of the case, got one on ${seenVersion}. Look at what changed and decide again.`,
    { change },
  );
}
