import { AppError, type OrganisationId, QUEUE_LIMITS } from "@loupe/contracts";
import type { Database } from "@loupe/db";

type Counted = Pick<Database, "imports" | "inspections">;

/** Refuse an upload whose organisation has as many unfinished imports as one may. */
export async function requireImportRoom(
  { imports }: Pick<Counted, "imports">,
  organisationId: OrganisationId,
): Promise<void> {
  refuseAbove(QUEUE_LIMITS.imports, await imports.countUnfinished(organisationId), "imports");
}

/** Refuse pictures whose organisation has as many unfinished inspections as one may. */
export async function requireInspectionRoom(
  { inspections }: Pick<Counted, "inspections">,
  organisationId: OrganisationId,
): Promise<void> {
  const count = await inspections.countUnfinished(organisationId);
  refuseAbove(QUEUE_LIMITS.inspections, count, "inspections");
}

function refuseAbove(most: number, count: number, what: string): void {
  if (count < most) return;
  throw new AppError(
    "TOO_MANY_REQUESTS",
    `Expected fewer than ${most} unfinished ${what}, your organisation has ${count}. ` +
      "Wait until one has ended, then upload again.",
    { most, count },
  );
}
