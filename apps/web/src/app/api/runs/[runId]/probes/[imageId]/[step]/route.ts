import { ImageId, RunId } from "@loupe/contracts";
import { z } from "zod";

import { serveProbeMap } from "../../../../../../../features/runs/server/index.ts";
import { restRoute } from "../../../../../../../server/rest.ts";

const ProbeAddress = z.object({
  runId: RunId,
  imageId: ImageId,
  step: z
    .string()
    .regex(/^\d{1,7}$/)
    .transform(Number),
});

export const GET = restRoute(ProbeAddress, serveProbeMap);
