import type { UserId } from "@loupe/contracts";

import type { Prisma } from "../../generated/client.ts";
import { notFound } from "../../not-found.ts";

/** Somebody in an organisation. */
export type ActingPerson = { readonly organisationId: string; readonly userId: UserId };

/**
 * A person as rows name them: made when they act in the organisation for the first time.
 *
 * To be asked before rows are locked, since two first acts of one person wait for each other.
 * Throws NOT_FOUND for nobody.
 */
export async function requireActor(
  tx: Prisma.TransactionClient,
  { organisationId, userId }: ActingPerson,
): Promise<string> {
  const where = { organizationId: organisationId, userId };
  const present = await tx.actor.findFirst({ where, select: { id: true } });
  if (present !== null) return present.id;
  const user = await tx.user.findUnique({ where: { id: userId }, select: { name: true } });
  if (user === null) throw notFound("person", userId);
  await tx.actor.createMany({
    data: [{ ...where, kind: "person", name: user.name }],
    skipDuplicates: true,
  });
  return (await tx.actor.findFirstOrThrow({ where, select: { id: true } })).id;
}
