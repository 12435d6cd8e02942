import type { DemoProgress } from "@loupe/contracts";
import type { Transaction } from "@loupe/db";
import { recordEvent } from "@loupe/platform";

/** Tell how far a demo project is on its way. Call it last. */
export async function recordDemoProgress(
  tx: Transaction,
  {
    projectId,
    phase,
    done,
    total,
    problem,
  }: Pick<DemoProgress, "projectId" | "phase" | "done" | "total" | "problem">,
): Promise<void> {
  await recordEvent(tx, {
    projectId,
    body: { type: "demo.progress", phase, done, total, problem },
  });
}
