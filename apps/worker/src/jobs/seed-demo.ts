import type { DemoPhase, JobPayload } from "@loupe/contracts";
import { enqueue, type JobContext } from "@loupe/platform";

import type { DemoWorldRow } from "@loupe/db";

import { awaitImport } from "../demo/await-import.ts";
import { DemoMoved, giveUp, type DemoJob, type PhaseOutcome } from "../demo/demo-job.ts";
import { freezeVersion } from "../demo/freeze-version.ts";
import { giveVerdicts } from "../demo/give-verdicts.ts";
import { renderPictures } from "../demo/render-pictures.ts";
import { sendInspections } from "../demo/send-inspections.ts";
import { trainModel } from "../demo/train-model.ts";

const PHASES: Readonly<
  Record<Exclude<DemoPhase, "done">, (job: DemoJob) => Promise<PhaseOutcome>>
> = {
  rendering: renderPictures,
  importing: awaitImport,
  freezing: freezeVersion,
  training: trainModel,
  inspecting: sendInspections,
  reviewing: giveVerdicts,
};

/** A run takes minutes and a look is a few queries. */
const LOOK_EVERY_S = 1;

type DemoServices = DemoJob["services"];
type DemoDelivery = Pick<JobContext, "signal" | "isLastAttempt" | "logger">;

/**
 * Fill a demo project: render, import, freeze, train, inspect and decide, as people would.
 *
 * It only calls use cases. Importing, freezing, training and scoring are jobs of their own; while one
 * of them is under way this one looks again in a while, and goes on with the phase that its row names.
 * A project or organisation that has been removed meanwhile is not made again.
 */
export async function seedDemo(
  services: DemoServices,
  { demoWorldId }: JobPayload<"demo.seed">,
  { signal, isLastAttempt, logger }: DemoDelivery,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const world = await services.db.demoWorlds.find(demoWorldId);
    if (world === null || world.phase === "done") return;
    const people = await services.db.members.list(world.organisationId);
    const job = { services, world, people, signal, logger };
    try {
      if ((await PHASES[world.phase](job)) === "waits") return await lookAgain(services, world);
    } catch (error) {
      const isGone = (await services.db.demoWorlds.find(demoWorldId)) === null;
      if (error instanceof DemoMoved || isGone) return;
      if (!isLastAttempt || signal.aborted) throw error;
      await giveUp(
        job,
        "The demo stopped because of a fault on our side. What is here can be used.",
      );
      throw error;
    }
  }
}

/** Deliver the job once more in a while; nothing when the demo has been removed. */
async function lookAgain(
  { db }: DemoServices,
  { id: demoWorldId, organisationId }: DemoWorldRow,
): Promise<void> {
  const job = { name: "demo.seed", organisationId, delaySeconds: LOOK_EVERY_S } as const;
  await db.transaction((tx) => enqueue(tx.sql, job, { demoWorldId }));
}
