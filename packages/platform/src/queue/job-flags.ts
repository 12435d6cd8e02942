import type { ComputeProvider, JobName, OrganisationId } from "@loupe/contracts";

/** On a job of which a worker does one at a time. */
export function aloneFlag(name: JobName): string {
  return `alone:${name}`;
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
