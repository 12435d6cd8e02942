import type { ProjectId } from "@loupe/contracts";

import type { Prisma } from "../../generated/client.ts";

/**
 * Keep a project's active version as it is until this transaction ends, or be the only one to change it.
 *
 * Cases are filed by whether the active version scored them, so whoever files must not do it by a
 * version that another transaction is replacing. A lock of its own, since the project's row is held
 * by whoever writes an event. It comes after that of the numbers and before the rows of cases.
 */
export async function lockQueue(
  tx: Prisma.TransactionClient,
  projectId: ProjectId,
  mode: "shared" | "exclusive",
): Promise<void> {
  const key = `queue:${projectId}`;
  await (mode === "shared"
    ? tx.$queryRaw`select pg_advisory_xact_lock_shared(hashtextextended(${key}, 0))::text`
    : tx.$queryRaw`select pg_advisory_xact_lock(hashtextextended(${key}, 0))::text`);
}
