import type { Scope } from "../../scope.ts";

/** What rows know of files outside of the database; all else may be swept. */
export interface StoredFilesRepository {
  /** Those of the blobs that some row names. */
  findNamedBlobs(keys: readonly string[]): Promise<Set<string>>;
  /** Those of the uploads that an import or a demo will still read. */
  findNamedUploads(keys: readonly string[]): Promise<Set<string>>;
  /** Those of the runs that have not ended, and so need their checkpoints. */
  findUnendedRuns(ids: readonly string[]): Promise<Set<string>>;
  /** Remember a name under which this database claims a blob store. */
  rememberClaim(name: string): Promise<void>;
  hasClaim(name: string): Promise<boolean>;
}

/** Markers of claims begin so, apart from those of other things that are done once. */
const CLAIM = "blob store ";

export function storedFilesRepository({ client }: Scope): StoredFilesRepository {
  return {
    async findNamedBlobs(keys) {
      const asked = [...keys];
      // Every column that holds a blob's key; a test compares them with the schema.
      const rows = await client.$queryRaw<{ key: string }[]>`
        select "key" from unnest(${asked}::text[]) as asked("key")
        where exists (select from "image" where "sha256" = "key")
          or exists (select from "mask" where "sha256" = "key")
          or exists (select from "run_probe" where "mapKey" = "key")
          or exists (select from "model_version" where "sha256" = "key")
          or exists (select from "prediction" where "mapKey" = "key")`;
      return new Set(rows.map(({ key }) => key));
    },

    async findNamedUploads(keys) {
      const where = { uploadKey: { in: [...keys] } };
      const select = { uploadKey: true } as const;
      const rows = [
        ...(await client.import.findMany({ where, select })),
        ...(await client.demoWorld.findMany({ where, select })),
      ];
      return new Set(rows.flatMap(({ uploadKey }) => uploadKey ?? []));
    },

    async findUnendedRuns(ids) {
      const rows = await client.trainingRun.findMany({
        where: { id: { in: [...ids] }, status: { notIn: ["succeeded", "failed", "cancelled"] } },
        select: { id: true },
      });
      return new Set(rows.map(({ id }) => id));
    },

    async rememberClaim(name) {
      await client.seedMarker.createMany({ data: [{ name: CLAIM + name }], skipDuplicates: true });
    },

    hasClaim: async (name) =>
      (await client.seedMarker.count({ where: { name: CLAIM + name } })) > 0,
  };
}
