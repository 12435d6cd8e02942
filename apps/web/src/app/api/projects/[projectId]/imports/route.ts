import { ProjectId } from "@loupe/contracts";
import { z } from "zod";

import { uploadImport } from "../../../../../features/data/server/index.ts";
import { restRoute } from "../../../../../server/rest.ts";

export const POST = restRoute(z.object({ projectId: ProjectId }), uploadImport);
