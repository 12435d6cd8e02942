import type { ProjectEventBody, RunProbe } from "@loupe/contracts";

type RunProbes = Extract<ProjectEventBody, { type: "run.probes" }>;

/**
 * Add the new maps of the probe images. The event carries ids and scores; name and category come
 * from an earlier step of the same image.
 *
 * @returns null when an image of the event is not known yet, so the probes must be read again
 */
export function applyProbesEvent(probes: readonly RunProbe[], event: RunProbes): RunProbe[] | null {
  const result = [...probes];
  for (const { imageId, score } of event.probes) {
    const known = probes.find((probe) => probe.imageId === imageId);
    if (!known) return null;
    const at = result.findIndex((probe) => probe.imageId === imageId && probe.step === event.step);
    if (at >= 0) result[at] = { ...known, step: event.step, score };
    else result.push({ ...known, step: event.step, score });
  }
  return result;
}
