import type { Prisma } from "../../generated/client.ts";
import { notFound } from "../../not-found.ts";
import { readSite, type SiteThen } from "../people/read-site.ts";
import { requireProjectActor } from "../people/require-project-actor.ts";
import type { NewVerdict } from "./case-types.ts";

/** What a verdict keeps of its author as they are now: who acts, their name, and where they work. */
export async function describeAuthor(
  tx: Prisma.TransactionClient,
  { authorId: userId, projectId }: Pick<NewVerdict, "authorId" | "projectId">,
): Promise<SiteThen & { authorId: string; authorName: string }> {
  const authorId = await requireProjectActor(tx, projectId, userId);
  const author = await tx.user.findUnique({ where: { id: userId }, select: { name: true } });
  if (author === null) throw notFound("person", userId);
  return { authorId, authorName: author.name, ...(await readSite(tx, { userId, projectId })) };
}
