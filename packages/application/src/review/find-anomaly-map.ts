import type { PredictionId } from "@loupe/contracts";

import { fileUseCase } from "../use-case/file-use-case.ts";

/** The stored anomaly map (LMAP) of a prediction. */
export const findAnomalyMap = fileUseCase(
  "case:read",
  (db, { predictionId }: { predictionId: PredictionId }) => db.predictions.requireMap(predictionId),
);
