/** A picture on disk. Ids are the caller's own and come back unchanged. */
export type InputImage = {
  readonly id: string;
  /** Product that the picture shows; metrics are reported by category. */
  readonly category: string;
  readonly path: string;
};

/** A picture whose truth is known. */
export type LabelledImage = InputImage & {
  readonly label: "good" | "defective";
  /**
   * Mask file, non-zero where defective; null on a defective image means that the region is not
   * known: the image counts for image metrics and is left out of pixel metrics. A good image needs
   * no mask: all of its pixels are normal.
   */
  readonly maskPath: string | null;
};
