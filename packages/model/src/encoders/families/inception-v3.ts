import { convFamily } from "./conv-family.ts";

/**
 * InceptionV3 (Szegedy et al. 2016) as nsfwjs distributes it: RGB / 255, no mean or std.
 *
 * Without padding in the stem, its maps leave a margin of 13 and 21 pixels. mixed2 is averaged from 35 × 35 to the 17 × 17 of the two deeper maps.
 */
export const inceptionV3 = convFamily({
  name: "inception-v3",
  inputSize: 299,
  gridSize: 17,
  layers: [
    { name: "mixed2", channels: 288, side: 35, origin: 13, stride: 8 },
    { name: "mixed4", channels: 768, side: 17, origin: 21, stride: 16 },
    { name: "mixed6", channels: 768, side: 17, origin: 21, stride: 16 },
  ],
  normalisation: { mean: [0, 0, 0], std: [1, 1, 1] },
  gigaMacsPerImage: 4.09,
});
