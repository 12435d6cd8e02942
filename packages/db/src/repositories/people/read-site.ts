import type { ProjectId, UserId } from "@loupe/contracts";

import type { Prisma } from "../../generated/client.ts";

/** Where somebody worked when a row was written: moving, or a renamed site, changes no row. */
export type SiteThen = { readonly siteId: string | null; readonly siteName: string | null };

/** Where a person works now, in the organisation of a project. */
export async function readSite(
  tx: Prisma.TransactionClient,
  { userId, projectId }: { userId: UserId; projectId: ProjectId },
): Promise<SiteThen> {
  const member = await tx.member.findFirst({
    where: { userId, organization: { projects: { some: { id: projectId } } } },
    select: { site: { select: { id: true, name: true } } },
  });
  const site = member?.site ?? null;
  return { siteId: site?.id ?? null, siteName: site?.name ?? null };
}
