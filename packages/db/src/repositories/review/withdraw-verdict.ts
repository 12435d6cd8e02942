import { AppError, type CaseRow, stateAfterVerdict, UNDO_WINDOW_MS } from "@loupe/contracts";

import { databaseNow } from "../../database-now.ts";
import type { Prisma } from "../../generated/client.ts";
import { notFound } from "../../not-found.ts";
import type { Withdrawal, WithdrawnVerdict } from "./case-types.ts";
import { requireCaseRow } from "./require-case-row.ts";

/**
 * Take one's own verdict back: the case is again what the verdicts before it had made of it.
 *
 * Only for a short while, on the database's clock, and only while the case is as the verdict left
 * it: nobody else's work is undone. A verdict that never arrived, or was taken back before, needs
 * nothing more.
 */
export async function withdrawVerdict(
  tx: Prisma.TransactionClient,
  { caseId, projectId, authorId, idempotencyKey }: Withdrawal,
): Promise<{ row: CaseRow; withdrawn: WithdrawnVerdict | null }> {
  const verdict = await tx.verdict.findUnique({
    where: { idempotencyKey },
    include: { withdrawal: true, author: { select: { userId: true } } },
  });
  // Read afterwards: of a withdrawal that is seen, the case has to show what it did.
  const unchanged = await requireCaseRow(tx, caseId, projectId);
  if (verdict === null) return { row: unchanged, withdrawn: null };
  if (verdict.caseId !== caseId || verdict.author.userId !== authorId) {
    throw notFound("verdict of yours on this case with the key", idempotencyKey);
  }
  if (verdict.withdrawal !== null) return { row: unchanged, withdrawn: null };

  const at = await databaseNow(tx);
  const ageMs = at.getTime() - verdict.createdAt.getTime();
  if (ageMs > UNDO_WINDOW_MS) {
    throw new AppError(
      "UNDO_TOO_LATE",
      `Expected to take the verdict back within ${UNDO_WINDOW_MS / 1000} seconds, got ` +
        `${Math.round(ageMs / 1000)} seconds. Give a new verdict instead.`,
      { ageMs },
    );
  }
  const before = await tx.verdict.findFirst({
    where: { caseId, withdrawal: null, id: { not: verdict.id } },
    orderBy: { seenVersion: "desc" },
  });
  const state = before === null ? "open" : stateAfterVerdict(before.value);
  const { count } = await tx.case.updateMany({
    where: { id: caseId, projectId, version: verdict.seenVersion + 1 },
    data: {
      version: { increment: 1 },
      state,
      decidedAt: state === "decided" && before !== null ? before.createdAt : null,
    },
  });
  const row = await requireCaseRow(tx, caseId, projectId);
  if (count === 0) {
    // A double of this request waits for the first one above, and then finds it done.
    const isDone = await tx.verdictWithdrawal.count({ where: { verdictId: verdict.id } });
    if (isDone > 0) return { row, withdrawn: null };
    throw new AppError(
      "UNDO_TOO_LATE",
      "Expected the case to be as your verdict left it, but it has changed since. Look at what changed and give a new verdict.",
      { currentVersion: row.version },
    );
  }
  await tx.verdictWithdrawal.create({ data: { verdictId: verdict.id, createdAt: at } });
  return {
    row: await requireCaseRow(tx, caseId, projectId),
    withdrawn: { id: verdict.id as WithdrawnVerdict["id"], at },
  };
}
