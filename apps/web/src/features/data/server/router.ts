import {
  cancelImport,
  countImages,
  freezeDataset,
  getImport,
  listDatasetVersions,
  listFreezes,
  listImages,
  listImportFiles,
  listImports,
} from "@loupe/application";
import {
  FreezeDatasetInput,
  ImportId,
  ImportOutcome,
  ListImagesInput,
  storedText,
} from "@loupe/contracts";
import { z } from "zod";

import { projectDoor, router } from "../../../server/trpc.ts";

const ImportInput = z.object({ importId: ImportId });
const ImportFilesInput = ImportInput.extend({
  outcome: ImportOutcome.optional(),
  /** Path of the last file of the page before. */
  cursor: storedText(4096).optional(),
  limit: z.int().min(1).max(500).default(100),
});

export const dataRouter = router({
  counts: projectDoor(countImages).query(({ ctx, input }) =>
    countImages(ctx.caller, ctx.ports, input),
  ),
  images: projectDoor(listImages)
    .input(ListImagesInput)
    .query(({ ctx, input }) => listImages(ctx.caller, ctx.ports, input)),
  imports: projectDoor(listImports).query(({ ctx, input }) =>
    listImports(ctx.caller, ctx.ports, input),
  ),
  import: projectDoor(getImport)
    .input(ImportInput)
    .query(({ ctx, input }) => getImport(ctx.caller, ctx.ports, input)),
  cancelImport: projectDoor(cancelImport)
    .input(ImportInput)
    .mutation(({ ctx, input }) => cancelImport(ctx.caller, ctx.ports, input)),
  importFiles: projectDoor(listImportFiles)
    .input(ImportFilesInput)
    .query(({ ctx, input }) => listImportFiles(ctx.caller, ctx.ports, input)),
  versions: projectDoor(listDatasetVersions).query(({ ctx, input }) =>
    listDatasetVersions(ctx.caller, ctx.ports, input),
  ),
  freeze: projectDoor(freezeDataset)
    .input(FreezeDatasetInput)
    .mutation(({ ctx, input }) => freezeDataset(ctx.caller, ctx.ports, input)),
  freezes: projectDoor(listFreezes).query(({ ctx, input }) =>
    listFreezes(ctx.caller, ctx.ports, input),
  ),
});
