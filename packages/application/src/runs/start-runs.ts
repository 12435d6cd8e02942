import type { RunView, StartRunsInput } from "@loupe/contracts";

import { deriveKey } from "../derive-key.ts";
import { projectUseCase } from "../use-case/project-use-case.ts";
import { checkRunPlan } from "./check-run-plan.ts";
import { createRun } from "./create-run.ts";

/**
 * Start a run of its own for each category of the dataset version, all or none.
 *
 * The same intent gives the same runs: each key follows from the intent's and the category.
 */
export const startRuns = projectUseCase(
  "run:write",
  async (scene, input: StartRunsInput): Promise<RunView[]> => {
    const { version, settings } = await checkRunPlan(scene, input);
    return scene.db.transaction(async (tx) => {
      const runs: RunView[] = [];
      for (const category of version.categories) {
        const idempotencyKey = deriveKey(input.idempotencyKey, category);
        runs.push(await createRun(tx, scene, { ...input, settings, category, idempotencyKey }));
      }
      return runs;
    });
  },
);
