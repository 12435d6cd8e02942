import { ImageId } from "@loupe/contracts";
import { z } from "zod";

import { serveOriginal } from "../../../../../features/data/server/index.ts";
import { restRoute } from "../../../../../server/rest.ts";

export const GET = restRoute(z.object({ imageId: ImageId }), serveOriginal);
