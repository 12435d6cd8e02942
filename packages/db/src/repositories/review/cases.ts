import type { CaseId, ListCasesInput, ProjectId } from "@loupe/contracts";

import type { CaseState, Prisma } from "../../generated/client.ts";
import { notFound } from "../../not-found.ts";
import type { Scope } from "../../scope.ts";
import type { CasesInTransaction } from "./case-types.ts";
import { countScopes, readCaseCounts } from "./case-counts.ts";
import { CASE_ROW, CASE_VIEW, caseRow, caseView } from "./case-view.ts";
import { giveVerdict } from "./give-verdict.ts";
import { listToRescore } from "../models/list-to-rescore.ts";
import { openOrRefresh } from "./open-or-refresh.ts";
import { withdrawVerdict } from "./withdraw-verdict.ts";

const STATES = {
  undecided: ["open", "in_review"],
  decided: ["decided"],
  all: ["open", "in_review", "decided"],
} as const satisfies Record<ListCasesInput["state"], readonly CaseState[]>;

export function casesRepository({ client, atomically }: Scope): CasesInTransaction {
  async function find(id: CaseId, projectId: ProjectId) {
    const row = await client.case.findFirst({ where: { id, projectId }, include: CASE_VIEW });
    return row === null ? null : caseView(row);
  }

  return {
    openOrRefresh: (projectId, rows) => atomically((tx) => openOrRefresh(tx, projectId, rows)),

    listToRescore: (which) => listToRescore(client, which),

    async list(input) {
      const among: Prisma.CaseWhereInput = {
        projectId: input.projectId,
        ...(input.category !== undefined && { category: input.category }),
        ...(input.inspectionId !== undefined && { inspectionId: input.inspectionId }),
      };
      const { cursor, limit } = input;
      const rows = await client.case.findMany({
        where: {
          ...among,
          state: { in: [...STATES[input.state]] },
          ...(cursor !== undefined && {
            OR: [
              { modelRank: { lt: cursor.modelRank } },
              { modelRank: cursor.modelRank, standardScore: { lt: cursor.standardScore } },
              {
                modelRank: cursor.modelRank,
                standardScore: cursor.standardScore,
                id: { gt: cursor.id },
              },
            ],
          }),
        },
        orderBy: [{ modelRank: "desc" }, { standardScore: "desc" }, { id: "asc" }],
        take: limit + 1,
        include: CASE_ROW,
      });
      const page = rows.slice(0, limit).map(caseRow);
      const last = page.at(-1);
      return {
        rows: page,
        nextCursor:
          rows.length > limit && last !== undefined
            ? { modelRank: last.modelRank, standardScore: last.standardScore, id: last.id }
            : null,
        ...(await readCaseCounts(client, input)),
      };
    },

    async listByIds({ projectId, caseIds }) {
      const where = { projectId, id: { in: caseIds } };
      return (await client.case.findMany({ where, include: CASE_ROW })).map(caseRow);
    },

    async require(id, projectId) {
      const view = await find(id, projectId);
      if (view === null) throw notFound("case", id);
      return view;
    },

    find,

    async defectTypes(projectId) {
      const rows = await client.$queryRaw<{ name: string }[]>`
        select "defectType" as "name" from "image"
        where "projectId" = ${projectId}::uuid and "defectType" is not null
        union
        select v."defectType" from "verdict" v join "case" c on c."id" = v."caseId"
        where c."projectId" = ${projectId}::uuid and v."defectType" is not null
          and not exists (select from "verdict_withdrawal" w where w."verdictId" = v."id")
        order by "name"`;
      return rows.map((row) => row.name);
    },

    giveVerdict: (verdict) => giveVerdict(client, verdict),

    countScopes: (projectId, cases) => countScopes(client, projectId, cases),
    withdrawVerdict: (withdrawal) => withdrawVerdict(client, withdrawal),
  };
}
