import { DEFAULT_ENCODER } from "../catalog/default-encoder.ts";
import type { EncoderInfo } from "../catalog/encoder-info.ts";
import { findEncoder, listEncoders } from "../encoders/find-encoder.ts";

/** The encoder that ships, then the one that reached the best scores on the development data. */
const PREFERRED = [DEFAULT_ENCODER, "inception-v3"];

/** The encoder of that name or path; without one, the one that is preferred here. */
export async function chooseEncoder(name: string | null): Promise<EncoderInfo> {
  if (name !== null) return findEncoder(name);
  const known = await listEncoders();
  const preferred = PREFERRED.map((each) => known.find((encoder) => encoder.name === each));
  const chosen = preferred.find((encoder) => encoder !== undefined) ?? known[0];
  if (chosen === undefined) {
    throw new Error(
      "This machine has no encoder: put one into a folder and set LOUPE_ENCODERS to that folder.",
    );
  }
  return chosen;
}
