import type { Routine } from "@loupe/platform";

import { sweepStorage, type SweepServices } from "./sweep-storage.ts";

/** What has to be done now and then, whether or not anybody asks. */
export function upkeepRoutines(services: SweepServices): Routine[] {
  return [
    {
      name: "storage.sweep",
      // At night where it was written; on a machine that is off by then, when it is started.
      when: "30 3 * * *",
      work: (signal) => sweepStorage(services, { signal }),
    },
  ];
}
