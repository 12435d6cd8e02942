import type { CaseRow } from "@loupe/contracts";

import type { Prisma } from "../../generated/client.ts";
import { notFound } from "../../not-found.ts";
import { CASE_ROW, caseRow } from "./case-view.ts";

/** A case of the project as a row of the queue. */
export async function requireCaseRow(
  tx: Prisma.TransactionClient,
  id: string,
  projectId: string,
): Promise<CaseRow> {
  const row = await tx.case.findFirst({ where: { id, projectId }, include: CASE_ROW });
  if (row === null) throw notFound("case", id);
  return caseRow(row);
}
