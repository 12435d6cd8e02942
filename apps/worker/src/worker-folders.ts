import { join } from "node:path";

import type { WorkerFolders } from "./worker-services.ts";

/** Where the workers of one `LOUPE_HOME` keep their files. */
export function workerFolders(home: string): WorkerFolders {
  return {
    features: join(home, "cache", "features"),
    runs: join(home, "runs"),
    scratch: join(home, "scratch"),
  };
}
