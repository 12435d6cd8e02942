import {
  endFreeze,
  endInspection,
  endRescoring,
  recordEncoderPull,
  recordRunStatus,
  takeBackImport,
} from "@loupe/application";
import { isFinalPullStatus, type JobName, type JobPayload } from "@loupe/contracts";
import type { Transaction } from "@loupe/db";

import { changeDemo } from "../demo/demo-job.ts";
import { removeScratch } from "../importing/with-scratch-folder.ts";
import type { WorkerServices } from "../worker-services.ts";

export type EndingServices = Pick<WorkerServices, "db" | "blobs" | "folders">;

/** What is left to do once the end is committed: files and followers. */
export type CleanUp = () => Promise<void>;

/** Writes the end of what a dead job was for. Null when that has ended already. */
export type JobEnding<N extends JobName> = (
  tx: Transaction,
  payload: JobPayload<N>,
) => Promise<CleanUp | null>;

const NOTHING_LEFT: CleanUp = () => Promise.resolve();

/** How work ends whose job was lost with its last attempt: by whoever finds it, with a reason. */
export function jobEndings(services: EndingServices): { [N in JobName]: JobEnding<N> } {
  const { blobs, folders } = services;
  return {
    "dataset.import": async (tx, { importId }) => {
      const claimed = await tx.imports.claim(importId);
      if (claimed === null) return null;
      const error =
        "The import brought its worker down again and again. Nothing of it was kept; check the " +
        "pictures, pack them anew and upload them again.";
      await takeBackImport(tx, claimed, { status: "failed", error });
      return async () => {
        await blobs.deleteUpload(claimed.uploadKey);
        await removeScratch(folders.scratch, importId);
      };
    },

    "dataset.freeze": async (tx, { freezeId }) => {
      const claimed = await tx.freezes.claim(freezeId);
      if (claimed === null) return null;
      const error = "Freezing brought its worker down again and again. Freeze the version anew.";
      await tx.datasets.dropSnapshot(freezeId);
      await endFreeze(tx, claimed, { status: "failed", error });
      return NOTHING_LEFT;
    },

    "run.train": async (tx, { runId }) => {
      const error = "The run brought its worker down again and again. Start it anew.";
      const run = await tx.runs.markFailed(runId, error);
      if (run === null) return null;
      const { projectId, stageDone, stageTotal } = run;
      await recordRunStatus(tx, { runId, projectId, status: "failed", stageDone, stageTotal });
      return NOTHING_LEFT;
    },

    "inspection.score": async (tx, { inspectionId }) => {
      const claimed = await tx.inspections.claim(inspectionId);
      if (claimed === null) return null;
      const error = "Scoring brought its worker down again and again. Upload the pictures anew.";
      await endInspection(tx, claimed, { status: "failed", error });
      return NOTHING_LEFT;
    },

    // The cases stay in the queue under the version that scored them.
    "model.rescore": async (tx, { modelVersionId }) =>
      (await endRescoring(tx, modelVersionId)) ? NOTHING_LEFT : null,

    "encoder.pull": async (tx, { pullId }) => {
      const pull = await tx.encoderPulls.find(pullId);
      if (pull === null || isFinalPullStatus(pull.status)) return null;
      const error = "The download was broken off again and again. Ask for it anew.";
      await tx.encoderPulls.finish(pullId, { status: "failed", error });
      await recordEncoderPull(tx, { ...pull, status: "failed" });
      return NOTHING_LEFT;
    },

    "demo.seed": async (tx, { demoWorldId }) => {
      const world = await tx.demoWorlds.find(demoWorldId);
      if (world === null || world.phase === "done") return null;
      const problem = "The demo brought its worker down again and again. What is here can be used.";
      await changeDemo(tx, world, { phase: "done", problem, uploadKey: null });
      return async () => {
        await removeScratch(folders.scratch, demoWorldId);
        if (world.uploadKey !== null) await blobs.deleteUpload(world.uploadKey);
      };
    },
  };
}
