import { type ImportId, type InspectionId } from "@loupe/contracts";

import { LEASE_STALE_AFTER_MS } from "../../lease-stale-after.ts";
import type { Scope } from "../../scope.ts";

/** What a worker shows with every write: a write of one that lost its lease is refused. */
export type LeaseToken = bigint & { readonly __brand: "LeaseToken" };

/** What can be held. An import is one worker's alone; of an inspection each worker has a share. */
export type LeaseSubject =
  | { readonly kind: "import"; readonly id: ImportId }
  | { readonly kind: "inspection"; readonly id: InspectionId };

export interface LeasesRepository {
  /**
   * Take the lease of a subject, with a larger token than anyone had before. Null while another
   * worker has it that is not silent. What this worker itself held of the subject is lost.
   */
  take(subject: LeaseSubject, workerId: string, staleAfterMs?: number): Promise<LeaseToken | null>;
  /** Give it back; of one that is lost already nothing is left to give. */
  release(token: LeaseToken): Promise<void>;
  /** Free what a worker held that is dead or stops, and say how much it was. */
  releaseOf(workerId: string): Promise<number>;
}

export interface LeasesInTransaction extends LeasesRepository {
  /** Nobody else takes it until this transaction ends. Throws `LeaseLost`. */
  hold(token: LeaseToken): Promise<void>;
}

/** Another worker has, or will have, what this one was at: it may write no more. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";

  constructor() {
    super("Expected to hold the lease still, but it was given to another worker. Stop this work.");
  }
}

export function leasesRepository({ client, atomically }: Scope): LeasesInTransaction {
  return {
    take: ({ kind, id }, workerId, staleAfterMs = LEASE_STALE_AFTER_MS) =>
      atomically(async (tx) => {
        const share = kind === "import" ? "" : workerId;
        await tx.$executeRaw`
          delete from "job_lease"
          where "kind" = ${kind}::"LeaseKind" and "subjectId" = ${id}::uuid and "share" = ${share}
            and ("workerId" = ${workerId}
              or "beatAt" < clock_timestamp() - ${staleAfterMs} * interval '1 millisecond')`;
        const [row] = await tx.$queryRaw<{ id: LeaseToken }[]>`
          insert into "job_lease" ("kind", "subjectId", "share", "workerId", "takenAt", "beatAt")
          values (${kind}::"LeaseKind", ${id}::uuid, ${share}, ${workerId}, clock_timestamp(),
            clock_timestamp())
          on conflict ("kind", "subjectId", "share") do nothing
          returning "id"`;
        return row?.id ?? null;
      }),

    async release(token) {
      await client.jobLease.deleteMany({ where: { id: token } });
    },

    async releaseOf(workerId) {
      const { count } = await client.jobLease.deleteMany({ where: { workerId } });
      return count;
    },

    async hold(token) {
      const rows = await client.$queryRaw<unknown[]>`
        select from "job_lease" where "id" = ${token} for key share`;
      if (rows.length === 0) throw new LeaseLost();
    },
  };
}
