import type { LabelledImage } from "../data/input-image.ts";
import type { CategoryImages } from "../data/scan-dataset.ts";

/** Every k-th test image of each category, in their order. */
export function testImages(categories: readonly CategoryImages[], every: number): LabelledImage[] {
  return categories.flatMap(({ test }) => test.filter((_, index) => index % every === 0));
}
