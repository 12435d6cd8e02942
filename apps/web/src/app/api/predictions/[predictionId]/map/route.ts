import { PredictionId } from "@loupe/contracts";
import { z } from "zod";

import { servePredictionMap } from "../../../../../features/review/server/index.ts";
import { restRoute } from "../../../../../server/rest.ts";

export const GET = restRoute(z.object({ predictionId: PredictionId }), servePredictionMap);
