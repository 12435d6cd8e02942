import { MaskId } from "@loupe/contracts";
import { z } from "zod";

import { serveMask } from "../../../../features/data/server/index.ts";
import { restRoute } from "../../../../server/rest.ts";

export const GET = restRoute(z.object({ maskId: MaskId }), serveMask);
