import { createHash } from "node:crypto";

import type { RunView, StartRunsInput } from "@loupe/contracts";

import type { ProjectContext } from "../../../server/project-context.ts";
import { checkRunPlan } from "./check-run-plan.ts";
import { createRun } from "./start-run.ts";

/**
 * Start a run of its own for each category of the dataset version, all or none.
 *
 * The same intent gives the same runs: each key follows from the intent's and the category.
 */
export async function startRuns(ctx: ProjectContext, input: StartRunsInput): Promise<RunView[]> {
  const { version, settings } = await checkRunPlan(ctx, input);
  return ctx.db.transaction(async (tx) => {
    const runs: RunView[] = [];
    for (const category of version.categories) {
      const idempotencyKey = keyOf(input.idempotencyKey, category);
      runs.push(await createRun(ctx, tx, { ...input, settings, category, idempotencyKey }));
    }
    return runs;
  });
}

/** A UUID (version 8, free use) that only this key and category give. */
function keyOf(key: string, category: string): string {
  const hex = createHash("sha256").update(`${key}/${category}`).digest("hex");
  const [a, b, c, d, e] = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(13, 16),
    hex.slice(17, 20),
    hex.slice(20, 32),
  ];
  return `${a}-${b}-8${c}-8${d}-${e}`;
}
