import {
  AppError,
  type CaseChange,
  type CaseRow,
  stateAfterVerdict,
  UNDO_WINDOW_MS,
} from "@loupe/contracts";

import { databaseNow } from "../../database-now.ts";
import type { Prisma } from "../../generated/client.ts";
import { describeAuthor } from "./describe-author.ts";
import type { NewVerdict } from "./case-types.ts";
import { requireCaseRow } from "./require-case-row.ts";

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
  const { caseId, projectId, seenVersion, value, idempotencyKey } = verdict;
  const earlier = await findEarlier(tx, verdict);
  if (earlier !== null) return { row: earlier, isNew: false };

  const author = await describeAuthor(tx, verdict);
  const now = await databaseNow(tx);
  const overturnReason = await readOverturnReason(tx, verdict, now);
  const state = stateAfterVerdict(value);
  const [raised] = await tx.case.updateManyAndReturn({
    where: { id: caseId, projectId, version: seenVersion },
    data: {
      version: { increment: 1 },
      state,
      decidedAt: state === "decided" ? now : null,
    },
    select: { predictionId: true },
  });
  if (raised === undefined) {
    const double = await findEarlier(tx, verdict);
    if (double !== null) return { row: double, isNew: false };
    const row = await requireCaseRow(tx, caseId, projectId);
    throw caseChanged(row, seenVersion);
  }
  await tx.verdict.create({
    data: {
      caseId,
      ...author,
      value,
      // Only a defect has a type, whatever a form still held from before.
      defectType: value === "defective" ? verdict.defectType : null,
      note: verdict.note,
      seenVersion,
      predictionId: raised.predictionId,
      idempotencyKey,
      overturnReason,
      createdAt: now,
    },
  });
  return { row: await requireCaseRow(tx, caseId, projectId), isNew: true };
}

/** The case, when this very request has been carried out before. */
async function findEarlier(
  tx: Prisma.TransactionClient,
  { idempotencyKey, caseId, projectId, authorId }: NewVerdict,
): Promise<CaseRow | null> {
  const present = await tx.verdict.findUnique({
    where: { idempotencyKey },
    select: { caseId: true, author: { select: { userId: true } } },
  });
  if (present === null) return null;
  if (present.caseId !== caseId || present.author.userId !== authorId) {
    throw new AppError(
      "BAD_INPUT",
      "Expected a new idempotency key for this verdict, got one of another verdict. Make a key for each.",
      { caseId },
    );
  }
  return requireCaseRow(tx, caseId, projectId);
}

/**
 * The reason for which a decision is overturned, or null when the verdict overturns none.
 *
 * A state belongs to its version: what is read here holds when the update finds the same version,
 * and when it does not, the verdict is refused anyway.
 */
async function readOverturnReason(
  tx: Prisma.TransactionClient,
  { caseId, projectId, seenVersion, authorId, overturnReason = null }: NewVerdict,
  now: Date,
): Promise<string | null> {
  const row = await requireCaseRow(tx, caseId, projectId);
  if (row.version !== seenVersion || row.state !== "decided" || row.verdict === null) return null;
  const { author, createdAt } = row.verdict;
  const isCorrection =
    author.id === authorId && now.getTime() - createdAt.getTime() <= UNDO_WINDOW_MS;
  if (overturnReason === null && !isCorrection) throw overturnNeedsReason(row);
  return overturnReason;
}

function overturnNeedsReason(row: CaseRow): AppError {
  return new AppError(
    "OVERTURN_NEEDS_REASON",
    `Expected a reason to overturn the decision of ${row.verdict?.author.name ?? "a colleague"}, got none. Say why it is wrong.`,
    { change: readChange(row) },
  );
}

function readChange({ version, state, verdict, score }: CaseRow): CaseChange {
  return { currentVersion: version, state, verdict, score };
}

function caseChanged(row: CaseRow, seenVersion: number): AppError {
  return new AppError(
    "CASE_CHANGED",
    `Expected a verdict on version ${row.version} of the case, got one on ${seenVersion}. Look at what changed and decide again.`,
    { change: readChange(row) },
  );
}
