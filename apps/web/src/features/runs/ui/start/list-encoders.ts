import type { ComputeProvider, EncoderSummary, WorkerView } from "@loupe/contracts";

export type EncoderOffer = {
  readonly encoder: EncoderSummary;
  /** What the workers that have it can compute on. */
  readonly providers: readonly ComputeProvider[];
  /** … and by which device, such as the GPU's name. */
  readonly devices: Readonly<Partial<Record<ComputeProvider, string>>>;
};

/** Every encoder that some worker has, by name, with the providers of those workers. */
export function listEncoders(workers: readonly WorkerView[]): EncoderOffer[] {
  const names = new Map(workers.flatMap(({ encoders }) => encoders.map((e) => [e.name, e])));
  return [...names.values()]
    .map((encoder) => {
      const having = workers.filter(({ encoders }) =>
        encoders.some(({ name }) => name === encoder.name),
      );
      return { encoder, ...listProviders(having) };
    })
    .sort((a, b) => a.encoder.name.localeCompare(b.encoder.name));
}

/** What some workers can compute on; the first device of each provider stands for it. */
export function listProviders(
  workers: readonly WorkerView[],
): Pick<EncoderOffer, "providers" | "devices"> {
  const facts = workers.flatMap((worker) => worker.devices).toReversed();
  return {
    providers: [...new Set(workers.flatMap((worker) => worker.providers))],
    devices: Object.fromEntries(facts.map(({ provider, device }) => [provider, device])),
  };
}
