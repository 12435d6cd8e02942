import { convFamily } from "./conv-family.ts";

/**
 * ResNet18 (He et al. 2016) to its third stage, with ImageNet's mean and std, on 16 × 16 tokens.
 *
 * Its strided, padded convolutions centre the first position of every map on the first pixel.
 */
export const resnet18 = convFamily({
  name: "resnet18",
  inputSize: 256,
  gridSize: 16,
  layers: [
    { name: "layer1", channels: 64, side: 64, origin: 0, stride: 4 },
    { name: "layer2", channels: 128, side: 32, origin: 0, stride: 8 },
    { name: "layer3", channels: 256, side: 16, origin: 0, stride: 16 },
  ],
  normalisation: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  gigaMacsPerImage: 1.83,
});
