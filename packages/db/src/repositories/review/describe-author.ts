import type { Prisma } from "../../generated/client.ts";
import { notFound } from "../../not-found.ts";
import type { NewVerdict } from "./case-types.ts";

/** What a verdict keeps of its author as they are now: their name, and where they work. */
export async function describeAuthor(
  tx: Prisma.TransactionClient,
  { authorId, projectId }: Pick<NewVerdict, "authorId" | "projectId">,
): Promise<{ authorName: string; siteId: string | null; siteName: string | null }> {
  const author = await tx.user.findUnique({
    where: { id: authorId },
    select: {
      name: true,
      members: {
        where: { organization: { projects: { some: { id: projectId } } } },
        select: { site: { select: { id: true, name: true } } },
      },
    },
  });
  if (author === null) throw notFound("person", authorId);
  const site = author.members[0]?.site ?? null;
  return { authorName: author.name, siteId: site?.id ?? null, siteName: site?.name ?? null };
}
