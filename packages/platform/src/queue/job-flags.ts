import type { ComputeProvider, JobName } from "@loupe/contracts";

/** On a job of which a worker does one at a time. */
export function aloneFlag(name: JobName): string {
  return `alone:${name}`;
}

/** On a job for workers that compute on this provider. */
export function providerFlag(provider: ComputeProvider): string {
  return `provider:${provider}`;
}
