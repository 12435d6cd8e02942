import type { ModelVersionId } from "@loupe/contracts";

import { fileUseCase } from "../use-case/file-use-case.ts";

/** The self-contained file of a model version, as the command line reads it. */
export const findModelFile = fileUseCase(
  "model:download",
  (db, { modelVersionId }: { modelVersionId: ModelVersionId }) =>
    db.models.requireFile(modelVersionId),
);
