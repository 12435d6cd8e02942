import { AppError, type RunView, type StartRunInput } from "@loupe/contracts";

import { projectUseCase } from "../use-case/project-use-case.ts";
import { checkRunPlan } from "./check-run-plan.ts";
import { createRun } from "./create-run.ts";

/**
 * Start a training run, or return the one that the same intent has started already.
 *
 * The row, its job and its event are committed together or not at all.
 */
export const startRun = projectUseCase(
  "run:write",
  async (scene, input: StartRunInput): Promise<RunView> => {
    const { version, settings } = await checkRunPlan(scene, input);
    const { category } = input;
    if (category !== null && !version.categories.includes(category)) {
      throw new AppError(
        "BAD_INPUT",
        `Expected a category of ${version.name} (${version.categories.join(", ")}), got ${category}.`,
      );
    }
    return scene.db.transaction((tx) => createRun(tx, scene, { ...input, settings }));
  },
);
