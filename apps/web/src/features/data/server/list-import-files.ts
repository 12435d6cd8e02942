import type { ImportFileView, ImportId, ImportOutcome } from "@loupe/contracts";

import type { ProjectContext } from "../../../server/project-context.ts";

type Page = {
  importId: ImportId;
  outcome?: ImportOutcome | undefined;
  cursor?: string | undefined;
  limit: number;
};

/** One page of an import's report, by path. Throws NOT_FOUND for an import of another project. */
export async function listImportFiles(
  ctx: ProjectContext,
  { importId, outcome, cursor, limit }: Page,
): Promise<{ rows: ImportFileView[]; nextCursor: string | null }> {
  await ctx.db.imports.require(importId, ctx.projectId);
  return ctx.db.imports.listFiles(importId, {
    limit,
    ...(outcome === undefined ? {} : { outcome }),
    ...(cursor === undefined ? {} : { cursor }),
  });
}
