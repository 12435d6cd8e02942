import {
  type ComputeProvider,
  JOBS,
  type JobName,
  type OrganisationId,
  type WorkerLane,
} from "@loupe/contracts";

/** The lane in which a worker does one job at a time; null for jobs that may run side by side. */
export function findWorkerLane(name: JobName): WorkerLane | null {
  const job = JOBS[name];
  return "workerLane" in job ? job.workerLane : null;
}

/** On a job of a lane in which a worker does one at a time. */
export function workerLaneFlag(lane: WorkerLane): string {
  return `alone:${lane}`;
}

/** On a job for workers that compute on this provider. */
export function providerFlag(provider: ComputeProvider): string {
  return `provider:${provider}`;
}

/** On every job of an organisation. */
export function organisationFlag(organisationId: OrganisationId): string {
  return `${ORGANISATION}${organisationId}`;
}

/** The flag that says whose a job is; null for one of before there was such a flag. */
export function findOrganisationFlag(flags: Readonly<Record<string, unknown>> | null) {
  return Object.keys(flags ?? {}).find((flag) => flag.startsWith(ORGANISATION)) ?? null;
}

const ORGANISATION = "organisation:";
