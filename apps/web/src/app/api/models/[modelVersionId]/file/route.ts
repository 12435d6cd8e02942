import { ModelVersionId } from "@loupe/contracts";
import { z } from "zod";

import { serveModelFile } from "../../../../../features/models/server/index.ts";
import { restRoute } from "../../../../../server/rest.ts";

export const GET = restRoute(z.object({ modelVersionId: ModelVersionId }), serveModelFile);
