/** @file The people of the crowd, in a process of their own: `main.ts` beside it starts this. */
import { gatherCrowd } from "./gather-crowd.ts";
import type { CrowdTask } from "./protocol.ts";

process.once("message", (task: CrowdTask) => {
  gatherCrowd(task).then(
    (report) => process.send?.(report, () => process.exit(0)),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(1);
    },
  );
});
