import {
  type CategoryCount,
  type DatasetVersionView,
  FreezeDatasetInput,
  type FreezeView,
  ImportId,
  ImportOutcome,
  type ImportView,
  ListImagesInput,
  storedText,
} from "@loupe/contracts";
import { z } from "zod";

import { projectProcedure, router } from "../../../server/trpc.ts";
import { cancelImport } from "./cancel-import.ts";
import { freezeDataset } from "./freeze-dataset.ts";
import { listImages } from "./list-images.ts";
import { listImportFiles } from "./list-import-files.ts";

const ImportInput = z.object({ importId: ImportId });
const ImportFilesInput = ImportInput.extend({
  outcome: ImportOutcome.optional(),
  /** Path of the last file of the page before. */
  cursor: storedText(4096).optional(),
  limit: z.int().min(1).max(500).default(100),
});

export const dataRouter = router({
  counts: projectProcedure("data:read").query(({ ctx }): Promise<CategoryCount[]> =>
    ctx.db.images.countByCategory(ctx.projectId),
  ),
  images: projectProcedure("data:read")
    .input(ListImagesInput)
    .query(({ ctx, input }) => listImages(ctx, input)),
  imports: projectProcedure("data:read").query(({ ctx }): Promise<ImportView[]> =>
    ctx.db.imports.list(ctx.projectId),
  ),
  import: projectProcedure("data:read")
    .input(ImportInput)
    .query(({ ctx, input }): Promise<ImportView> =>
      ctx.db.imports.require(input.importId, ctx.projectId),
    ),
  cancelImport: projectProcedure("data:write")
    .input(ImportInput)
    .mutation(({ ctx, input }): Promise<ImportView> => cancelImport(ctx, input.importId)),
  importFiles: projectProcedure("data:read")
    .input(ImportFilesInput)
    .query(({ ctx, input }) => listImportFiles(ctx, input)),
  versions: projectProcedure("data:read").query(({ ctx }): Promise<DatasetVersionView[]> =>
    ctx.db.datasets.list(ctx.projectId),
  ),
  freeze: projectProcedure("data:write")
    .input(FreezeDatasetInput)
    .mutation(({ ctx, input }): Promise<FreezeView> => freezeDataset(ctx, input)),
  freezes: projectProcedure("data:read").query(({ ctx }): Promise<FreezeView[]> =>
    ctx.db.freezes.list(ctx.projectId),
  ),
});
