/** Gauges that are drawn as lines. */
export type LineGauges = {
  readonly kind: "lines";
  readonly title: string;
  readonly scale: "linear" | "log";
};

/** Gauges that are shares of one whole, stacked, such as those of a mixture's experts. */
export type ShareGauges = {
  readonly kind: "shares";
  readonly title: string;
  /** What one of them is called, and several as they begin a line. */
  readonly member: string;
  readonly members: string;
  /** The setting that says how many of them work at a time. */
  readonly activeSetting: string;
  /** What is said when as few as those get nearly everything. */
  readonly collapsed: string;
};

export type GaugeWords = LineGauges | ShareGauges;

/** What a screen calls the parts of a method's run. */
export type MethodWords = {
  /** What one step and several are called, as they begin a line. */
  readonly step: string;
  readonly steps: string;
  /** What is minimised, as the title of its chart, and how the chart is to be read. */
  readonly curve: string;
  readonly curveNote: string;
  /** False where pictures are taken one by one. */
  readonly hasBatch: boolean;
  /** How gauges are drawn, by group; a group that is not listed is named by itself. */
  readonly gauges: Readonly<Record<string, GaugeWords>>;
};

/** Words of a method that is trained step by step. */
export const TRAINED_WORDS: MethodWords = {
  step: "Step",
  steps: "Steps",
  curve: "Loss",
  curveNote: "every step, and the running mean of each part",
  hasBatch: true,
  gauges: {},
};
