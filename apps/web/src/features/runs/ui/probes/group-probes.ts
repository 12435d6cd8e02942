import type { ImageId, RunProbe } from "@loupe/contracts";

export type ProbeImage = Pick<RunProbe, "imageId" | "fileName" | "category" | "defectType">;

type GroupedProbes = {
  /** Steps with maps, ascending. */
  readonly steps: readonly number[];
  /** Each probe image once: defective ones first, since they show what the model learns to see. */
  readonly images: readonly ProbeImage[];
  readonly scoreOf: (imageId: ImageId, step: number) => number | null;
};

/** Probe rows, one an image and step, as a table of steps and images. */
export function groupProbes(probes: readonly RunProbe[]): GroupedProbes {
  const images = new Map<ImageId, ProbeImage>();
  const scores = new Map<string, number>();
  for (const probe of probes) {
    images.set(probe.imageId, probe);
    scores.set(`${probe.imageId}@${probe.step}`, probe.score);
  }
  const isDefective = (image: ProbeImage) => image.defectType !== null;
  return {
    steps: [...new Set(probes.map((probe) => probe.step))].sort((a, b) => a - b),
    images: [...images.values()].sort(
      (a, b) =>
        Number(isDefective(b)) - Number(isDefective(a)) ||
        a.category.localeCompare(b.category) ||
        a.fileName.localeCompare(b.fileName),
    ),
    scoreOf: (imageId, step) => scores.get(`${imageId}@${step}`) ?? null,
  };
}
