import type { JobName } from "@loupe/contracts";
import type { Transaction } from "@loupe/db";
import { takeDeadJob, type Logger } from "@loupe/platform";

import { jobEndings, type CleanUp, type EndingServices, type JobEnding } from "./job-endings.ts";

/**
 * End what jobs were for whose last attempt died with its process, and clean up after them.
 *
 * A handler ends its work itself when its last attempt fails; one that was killed cannot. Any
 * worker does it then, in the transaction that takes the job out of the queue.
 */
export async function endDeadJobs(services: EndingServices, logger: Logger): Promise<void> {
  const endings = jobEndings(services);
  for (;;) {
    const taken = await services.db.transaction((tx) => takeAndEnd(tx, endings));
    if (taken === null) return;
    const { jobId, job, cleanUp } = taken;
    if (cleanUp === null) continue;
    logger.warn({ jobId, job }, "a job's last attempt died: what it was for was ended");
    // Committed by now: what cannot be removed is swept with other leftovers.
    await cleanUp().catch((error: unknown) => {
      logger.warn({ err: error, jobId, job }, "could not clean up after a dead job");
    });
  }
}

type Taken = {
  readonly jobId: string;
  readonly job: JobName;
  readonly cleanUp: CleanUp | null;
};

async function takeAndEnd(
  tx: Transaction,
  endings: ReturnType<typeof jobEndings>,
): Promise<Taken | null> {
  const dead = await takeDeadJob({
    query: (text, values) => tx.sql.query(text, values),
  });
  if (dead === null) return null;
  const { jobId, name, payload } = dead;
  if (payload === null) return { jobId, job: name, cleanUp: null };
  // Name and payload belong together, which TypeScript cannot see through the union.
  const end = endings[name] as JobEnding<JobName>;
  return { jobId, job: name, cleanUp: await end(tx, payload) };
}
