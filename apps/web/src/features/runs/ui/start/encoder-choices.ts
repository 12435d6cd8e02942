import type { EncoderPullView, WorkerView } from "@loupe/contracts";
import type { CataloguedEncoder, EncoderInfo } from "@loupe/model/catalog";

import { toEncoderInfo } from "./to-encoder-info.ts";
import { type EncoderOffer, listEncoders, listProviders } from "./list-encoders.ts";

/** An encoder that a run can be planned with. */
export type EncoderChoice = Pick<EncoderOffer, "providers" | "devices"> & {
  readonly name: string;
  readonly info: EncoderInfo;
  readonly licence: string | null;
  /** False while it must be downloaded before a run can start. */
  readonly isPresent: boolean;
};

/** Encoders on the workers by name, then those of the catalogue that could be downloaded. */
export function listEncoderChoices(
  workers: readonly WorkerView[],
  catalogue: readonly CataloguedEncoder[],
): EncoderChoice[] {
  const licences = new Map(catalogue.map(({ name, licence }) => [name, licence]));
  const present = listEncoders(workers).map(({ encoder, ...offered }) => ({
    name: encoder.name,
    info: toEncoderInfo(encoder),
    licence: licences.get(encoder.name) ?? null,
    isPresent: true,
    ...offered,
  }));
  const names = new Set(present.map(({ name }) => name));
  const absent = catalogue
    .filter(({ name }) => !names.has(name))
    .map(({ name, licence, info }) => ({
      name,
      info,
      licence,
      isPresent: false,
      ...listProviders(workers),
    }));
  return [...present, ...absent];
}

/** The encoder that a new plan starts with: the one that ships, else the first that is there. */
export function firstEncoder(choices: readonly EncoderChoice[], preferred: string): string {
  const present = choices.filter(({ isPresent }) => isPresent);
  const chosen = present.find(({ name }) => name === preferred) ?? present[0] ?? choices[0];
  return chosen?.name ?? "";
}

/** The newest download of an encoder, if it has ever been asked for here. */
export function newestPull(
  pulls: readonly EncoderPullView[],
  encoder: string,
): EncoderPullView | null {
  return pulls.find((pull) => pull.encoder === encoder) ?? null;
}
