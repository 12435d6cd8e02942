import { z } from "zod";

import { serveProjects } from "../../../../features/projects/server/index.ts";
import { restRoute } from "../../../../server/rest.ts";

export const GET = restRoute(z.object({}), serveProjects);
