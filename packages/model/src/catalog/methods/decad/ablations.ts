import type { AblationRow, AblationTable } from "../../ablation.ts";
import type { MethodName } from "../../methods.ts";

/** Percent as shares of 1, as tables hold them. */
function reported(percents: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(percents).map(([metric, percent]) => [metric, Math.round(percent * 10) / 1000]),
  );
}

/** Blocks of the encoder, image and pixel AUROC on MVTec AD. */
const LAYER_SWEEP = [
  ["3,6,9", 99.0, 97.8],
  ["1,6,12", 96.3, 95.8],
  ["2,4,8", 97.5, 96.4],
  ["4,8,10", 98.7, 97.6],
  ["2,8,12", 97.8, 96.7],
  ["3,6,10", 98.3, 97.2],
] as const;

/** Which blocks of a vision transformer are rebuilt (supplement). */
const DECAD_LAYER_ROWS: readonly AblationRow[] = LAYER_SWEEP.map(([layers, iAuroc, pAuroc]) => ({
  name: layers.replaceAll(",", "-"),
  title: `blocks ${layers.replaceAll(",", ", ")}`,
  method: "decad",
  settings: { layers },
  paper: reported({ iAuroc, pAuroc }),
}));

/** Radius, image and pixel AUROC and AUPRO on MVTec AD. */
const RADIUS_SWEEP = [
  [2.5, 99.0, 97.8, 92.5],
  [1, 98.3, 97.2, 91.7],
  [1.5, 98.2, 97.4, 92.1],
  [2, 98.6, 97.6, 92.5],
  [3, 98.6, 97.9, 92.7],
] as const;

/** The radius of the synthesis (supplement). */
const DECAD_DELTA_ROWS: readonly AblationRow[] = RADIUS_SWEEP.map(
  ([delta, iAuroc, pAuroc, aupro]) => ({
    name: `delta-${delta}`,
    title: `radius ${delta}`,
    method: "decad",
    settings: { delta },
    paper: reported({ iAuroc, pAuroc, aupro }),
  }),
);

/** A host, and the mean of the seven metrics on MVTec AD without and with the module. */
const HOSTS: readonly (readonly [MethodName, plain: number | null, plugged: number | null])[] = [
  ["rd", null, null],
  ["rd-conv", 82.3, 85.6],
  ["uniad", 81.7, 83.5],
];

/** Hosts without and with the module (supplement); the third host of the paper is not built here. */
const DECAD_PLUGIN_ROWS: readonly AblationRow[] = HOSTS.flatMap(([method, plain, plugged]) => [
  {
    name: method,
    title: `${method} alone`,
    method,
    settings: {},
    paper: plain === null ? null : reported({ meanOfSeven: plain }),
  },
  {
    name: `${method}+decad`,
    title: `${method} with DecAD's module`,
    method,
    settings: { plugin: "decad" },
    paper: plugged === null ? null : reported({ meanOfSeven: plugged }),
  },
]);

/** One model for all categories against one for each (supplement). */
const DECAD_ONE_CLASS_ROWS: readonly AblationRow[] = [
  {
    name: "multi-class",
    title: "one model for all categories",
    method: "decad",
    settings: {},
    paper: reported({ iAuroc: 99.0, pAuroc: 97.8, aupro: 92.5 }),
  },
  {
    name: "one-class",
    title: "one model for each category",
    method: "decad",
    settings: {},
    oneClass: true,
    paper: reported({ iAuroc: 99.7, pAuroc: 98.6, aupro: 95.7 }),
  },
];

const MEASURED_ON = "MVTec AD, 15 categories, DINOv2 ViT-B/14, 15,000 steps of 16 images";

/** The tables of DecAD's supplement. */
export const DECAD_TABLES: readonly AblationTable[] = [
  {
    name: "decad-layers",
    title: "Which blocks of a vision transformer DecAD rebuilds",
    paper: MEASURED_ON,
    rows: DECAD_LAYER_ROWS,
  },
  {
    name: "decad-delta",
    title: "The radius of DecAD's synthetic anomalies",
    paper: MEASURED_ON,
    rows: DECAD_DELTA_ROWS,
  },
  {
    name: "decad-plugin",
    title: "DecAD's module in other methods",
    paper: "MVTec AD, 15 categories, the hosts' own encoders; mean of seven metrics",
    rows: DECAD_PLUGIN_ROWS,
  },
  {
    name: "decad-one-class",
    title: "One model for all categories, or one for each",
    paper: MEASURED_ON,
    rows: DECAD_ONE_CLASS_ROWS,
  },
];
