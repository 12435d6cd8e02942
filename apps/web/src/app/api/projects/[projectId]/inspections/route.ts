import { ProjectId } from "@loupe/contracts";
import { z } from "zod";

import { uploadInspection } from "../../../../../features/inspect/server/index.ts";
import { restRoute } from "../../../../../server/rest.ts";

export const POST = restRoute(z.object({ projectId: ProjectId }), uploadInspection);
