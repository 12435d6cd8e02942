import type { ProjectId, ProjectEventBody } from "@loupe/contracts";
import type { Transaction } from "@loupe/db";
import { recordEvent } from "@loupe/platform";

type Probes = Omit<Extract<ProjectEventBody, { type: "run.probes" }>, "type">;

/** Tell that the probe images of a run have maps of another step. Call it last. */
export async function recordRunProbes(
  tx: Transaction,
  projectId: ProjectId,
  probes: Probes,
): Promise<void> {
  await recordEvent(tx, { projectId, body: { type: "run.probes", ...probes } });
}
