type MethodWords = {
  /** What one step and several are called, as they begin a line. */
  readonly step: string;
  readonly steps: string;
  /** What is minimised, as the title of its chart, and how the chart is to be read. */
  readonly curve: string;
  readonly curveNote: string;
  /** False where pictures are taken one by one. */
  readonly hasBatch: boolean;
};

const TRAINED: MethodWords = {
  step: "Step",
  steps: "Steps",
  curve: "Loss",
  curveNote: "every step, and the running mean of each part",
  hasBatch: true,
};

/** Methods that are not trained step by step. */
const OTHERS: Readonly<Record<string, MethodWords>> = {
  bank: {
    step: "Round",
    steps: "Rounds",
    curve: "Covering radius",
    curveNote: "from the farthest patch to the bank, by round",
    hasBatch: false,
  },
};

/** How long a run is, as a label and its value: a batch only where there is one. */
export function describeLength(run: {
  readonly method: string;
  readonly steps: number;
  readonly batch: number;
}): [label: string, value: string] {
  const { steps, hasBatch } = methodWords(run.method);
  const count = run.steps.toLocaleString("en");
  return hasBatch ? [`${steps} × batch`, `${count} × ${run.batch}`] : [steps, count];
}

/** The words that fit a method, where "loss" and "step" would mislead. */
export function methodWords(method: string): MethodWords {
  return OTHERS[method] ?? TRAINED;
}
