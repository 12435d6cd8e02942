import type { UserId } from "@loupe/contracts";

import type { Prisma } from "../../generated/client.ts";
import { notFound } from "../../not-found.ts";
import { requireActor } from "./require-actor.ts";

/**
 * Who acts in the organisation of a project, as its rows name them; null: the system.
 *
 * Throws NOT_FOUND without such a project or person.
 */
export async function requireProjectActor(
  tx: Prisma.TransactionClient,
  projectId: string,
  userId: UserId | null,
): Promise<string> {
  const who = userId === null ? ({ kind: "system" } as const) : { userId };
  const present = await tx.actor.findFirst({
    where: { ...who, organization: { projects: { some: { id: projectId } } } },
    select: { id: true },
  });
  if (present !== null) return present.id;
  const project = await tx.project.findUnique({
    where: { id: projectId },
    select: { organizationId: true },
  });
  if (project === null || userId === null) throw notFound("project", projectId);
  return requireActor(tx, { organisationId: project.organizationId, userId });
}
