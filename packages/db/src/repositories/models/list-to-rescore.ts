import type { CaseId } from "@loupe/contracts";

import type { Prisma } from "../../generated/client.ts";
import type { CaseToRescore, RescoreQuestion } from "../review/case-types.ts";

/** Undecided cases that another version than the active one has scored, by id. */
export async function listToRescore(
  client: Prisma.TransactionClient,
  { modelVersionId, after, limit }: RescoreQuestion,
): Promise<CaseToRescore[]> {
  const firstId = after ?? ("00000000-0000-0000-0000-000000000000" as CaseId);
  return client.$queryRaw<CaseToRescore[]>`
    select c."id", c."imageId", c."category", i."sha256", i."fileName"
    from "project" j
    join "case" c on c."projectId" = j."id" and c."state" <> 'decided'
    join "prediction" p on p."id" = c."predictionId" and p."modelVersionId" <> j."activeModelVersionId"
    join "image" i on i."id" = c."imageId"
    where j."activeModelVersionId" = ${modelVersionId}::uuid and c."id" > ${firstId}::uuid
    order by c."id" limit ${limit}`;
}
