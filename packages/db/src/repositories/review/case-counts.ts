import type {
  CaseCounts,
  InspectionId,
  ListCasesInput,
  ProjectId,
  ScopedCaseCounts,
} from "@loupe/contracts";

import type { Prisma } from "../../generated/client.ts";
import { notFound } from "../../not-found.ts";
import type { CaseScope } from "./case-types.ts";

type Scope = { readonly category: string | null; readonly inspectionId: InspectionId | null };

/**
 * The counts under a category and an inspection, and the event up to which they hold: both are
 * read in one statement, and whoever changes cases tells it in the same transaction.
 */
export async function readCaseCounts(
  client: Prisma.TransactionClient,
  {
    projectId,
    category,
    inspectionId,
  }: Pick<ListCasesInput, "projectId" | "category" | "inspectionId">,
): Promise<{ counts: CaseCounts; countsSequence: number }> {
  const [row] = await client.$queryRaw<(CaseCounts & { countsSequence: number })[]>`
    select p."eventSequence" as "countsSequence",
      coalesce(sum(n."open"), 0)::int as "open",
      coalesce(sum(n."inReview"), 0)::int as "inReview",
      coalesce(sum(n."decided"), 0)::int as "decided"
    from "project" p left join "case_count" n on n."projectId" = p."id"
      and (${category ?? null}::text is null or n."category" = ${category ?? null})
      and (${inspectionId ?? null}::uuid is null or n."inspectionId" = ${inspectionId ?? null}::uuid)
    where p."id" = ${projectId}::uuid
    group by p."id"`;
  if (row === undefined) throw notFound("project", projectId);
  const { countsSequence, ...counts } = row;
  return { counts, countsSequence };
}

/** See `CasesInTransaction.countScopes`. */
export async function countScopes(
  tx: Prisma.TransactionClient,
  projectId: ProjectId,
  cases: readonly CaseScope[],
): Promise<ScopedCaseCounts[]> {
  // Whoever told an event before has committed by then, so these counts hold as of the next one.
  await tx.$queryRaw`select "id" from "project" where "id" = ${projectId}::uuid for no key update`;
  const rows = await tx.$queryRaw<(Scope & CaseCounts)[]>`
    select s->>'category' as "category", s->>'inspectionId' as "inspectionId",
      coalesce(sum(c."open"), 0)::int as "open",
      coalesce(sum(c."inReview"), 0)::int as "inReview",
      coalesce(sum(c."decided"), 0)::int as "decided"
    from jsonb_array_elements(${JSON.stringify(scopesOf(cases))}::jsonb) with ordinality as listed(s, n)
    left join "case_count" c on c."projectId" = ${projectId}::uuid
      and (s->>'category' is null or c."category" = s->>'category')
      and (s->>'inspectionId' is null or c."inspectionId" = (s->>'inspectionId')::uuid)
    group by n, s order by n`;
  return rows.map(({ category, inspectionId, ...counts }) => ({ category, inspectionId, counts }));
}

/** Everything, each category, each inspection, and each category of an inspection: once. */
function scopesOf(cases: readonly CaseScope[]): Scope[] {
  const scopes: Scope[] = [{ category: null, inspectionId: null }];
  for (const { category, inspectionId } of cases) {
    scopes.push({ category, inspectionId: null });
    if (inspectionId == null) continue;
    scopes.push({ category: null, inspectionId }, { category, inspectionId });
  }
  return [...new Map(scopes.map((scope) => [JSON.stringify(scope), scope])).values()];
}
