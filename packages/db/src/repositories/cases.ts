import type { CaseId, ListCasesInput, ProjectId } from "@loupe/contracts";
import { randomUUID } from "node:crypto";

import type { CaseState, Prisma } from "../generated/client.ts";
import { notFound } from "../not-found.ts";
import type { Scope } from "../scope.ts";
import type { CasesInTransaction, NewCase } from "./case-types.ts";
import { countScopes, readCaseCounts } from "./case-counts.ts";
import { CASE_ROW, CASE_VIEW, caseRow, caseView } from "./case-view.ts";
import { giveVerdict } from "./give-verdict.ts";

const STATES = {
  undecided: ["open", "in_review"],
  decided: ["decided"],
  all: ["open", "in_review", "decided"],
} as const satisfies Record<ListCasesInput["state"], readonly CaseState[]>;

export function casesRepository({ client }: Scope): CasesInTransaction {
  async function find(id: CaseId, projectId: ProjectId) {
    const row = await client.case.findFirst({ where: { id, projectId }, include: CASE_VIEW });
    return row === null ? null : caseView(row);
  }

  return {
    openOrRefresh: (projectId, rows) => openOrRefresh(client, projectId, rows),

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
              { standardScore: { lt: cursor.standardScore } },
              { standardScore: cursor.standardScore, id: { gt: cursor.id } },
            ],
          }),
        },
        orderBy: [{ standardScore: "desc" }, { id: "asc" }],
        take: limit + 1,
        include: CASE_ROW,
      });
      const page = rows.slice(0, limit).map(caseRow);
      const last = page.at(-1);
      return {
        rows: page,
        nextCursor:
          rows.length > limit && last !== undefined
            ? { standardScore: last.standardScore, id: last.id }
            : null,
        ...(await readCaseCounts(client, input)),
      };
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
        order by "name"`;
      return rows.map((row) => row.name);
    },

    giveVerdict: (verdict) => giveVerdict(client, verdict),

    countScopes: (projectId, cases) => countScopes(client, projectId, cases),
  };
}

async function openOrRefresh(
  client: Prisma.TransactionClient,
  projectId: ProjectId,
  rows: readonly NewCase[],
): Promise<number> {
  // One statement cannot touch a case twice: the last row of an image counts. In the order of the
  // images, so that two of these wait for each other instead of locking each other out.
  const unique = [...new Map(rows.map((row) => [row.imageId, row])).values()];
  const cases = unique
    .toSorted((a, b) => (a.imageId < b.imageId ? -1 : 1))
    .map((row) => ({ ...row, id: randomUUID() }));
  return client.$executeRaw`
    insert into "case" ("id", "projectId", "imageId", "predictionId", "inspectionId", "category", "score", "standardScore")
    select (c->>'id')::uuid, i."projectId", i."id", p."id",
      (c->>'inspectionId')::uuid, c->>'category', (c->>'score')::float8,
      ((c->>'score')::float8 - good."mean") / greatest(good."deviation", 1e-3 * abs(good."mean"), 1e-9)
    from jsonb_array_elements(${JSON.stringify(cases)}::jsonb) with ordinality as listed(c, n)
    join "image" i on i."id" = (c->>'imageId')::uuid and i."projectId" = ${projectId}::uuid
    join "prediction" p on p."id" = (c->>'predictionId')::uuid and p."imageId" = i."id"
    join "model_version" m on m."id" = p."modelVersionId"
    left join "category_scale" s on s."modelVersionId" = m."id" and s."category" = c->>'category'
    cross join lateral (select
      coalesce(s."goodMean", m."goodMean") as "mean",
      coalesce(s."goodDeviation", m."goodDeviation") as "deviation") good
    order by n
    on conflict ("projectId", "imageId") do update set
      "predictionId" = excluded."predictionId",
      "inspectionId" = coalesce(excluded."inspectionId", "case"."inspectionId"),
      "score" = excluded."score",
      "standardScore" = excluded."standardScore",
      "version" = "case"."version" + 1
    where "case"."state" <> 'decided'
      and ("case"."predictionId" <> excluded."predictionId" or "case"."score" <> excluded."score")`;
}
