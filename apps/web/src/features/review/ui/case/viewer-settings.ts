/** How a case's picture is shown. */
export type ViewerSettings = {
  readonly isHeatmapShown: boolean;
  /** 0 to 1. */
  readonly opacity: number;
  readonly isTruthShown: boolean;
};
