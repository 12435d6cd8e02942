import { recordDemoProgress } from "@loupe/application";
import type { PersonCaller } from "@loupe/application";
import { can, type DemoPhase, type UserId } from "@loupe/contracts";
import type { DemoChange, DemoWorldRow, MemberView, Transaction } from "@loupe/db";
import type { Logger } from "@loupe/platform";

import type { WorkerServices } from "../worker-services.ts";

/** One delivery of the job that fills a demo project, in one of its phases. */
export type DemoJob = {
  readonly services: Pick<WorkerServices, "db" | "blobs" | "folders">;
  readonly world: DemoWorldRow;
  /** People of the organisation as they are now, by name. */
  readonly people: readonly MemberView[];
  readonly signal: AbortSignal;
  readonly logger: Logger;
};

/** Whether the next phase can begin, or the job ends and looks again in a while. */
export type PhaseOutcome = "goes on" | "waits";

/** Somebody else has moved the demo on, or it has been removed: this delivery has nothing left to do. */
export class DemoMoved extends Error {
  override readonly name = "DemoMoved";
}

/** Write a step of the way and tell it. @throws DemoMoved */
export async function changeDemo(
  tx: Transaction,
  world: Pick<DemoWorldRow, "id" | "phase" | "projectId">,
  change: DemoChange,
): Promise<void> {
  const changed = await tx.demoWorlds.change(world.id, world.phase, change);
  if (changed === null) throw new DemoMoved(`Demo ${world.id} is no longer ${world.phase}`);
  await recordDemoProgress(tx, { ...changed, projectId: world.projectId });
}

/** The change that begins a phase. */
export function begin(phase: DemoPhase, change: DemoChange = {}): DemoChange {
  return { phase, done: 0, total: 0, problem: null, ...change };
}

/** The end of the way before its end: what is there stays, and people take it from here. */
export async function giveUp({ services, world }: DemoJob, problem: string): Promise<PhaseOutcome> {
  await services.db.transaction((tx) => changeDemo(tx, world, { phase: "done", problem }));
  return "goes on";
}

/** Say what stands in the way, and look again in a while. */
export async function waitFor(
  { services, world }: DemoJob,
  problem: string,
): Promise<PhaseOutcome> {
  if (world.problem !== problem) {
    await services.db.transaction((tx) => changeDemo(tx, world, { problem }));
  }
  return "waits";
}

/** Whom a demo acts for where data and runs are concerned; null when nobody may. */
export function findMaker({
  people,
  world,
}: Pick<DemoJob, "people" | "world">): PersonCaller | null {
  const maker = people.find(({ role }) => can(role, "data:write") && can(role, "run:write"));
  return maker === undefined ? null : personOf(world, maker.userId);
}

/** A person of the organisation, for whom the demo does what they would do themselves. */
export function personOf(
  { organisationId }: Pick<DemoWorldRow, "organisationId">,
  userId: UserId,
): PersonCaller {
  return { kind: "person", userId, sessionId: null, organisationId };
}
