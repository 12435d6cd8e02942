import type { AblationRow, AblationTable } from "../../ablation.ts";

type Switches = { readonly fusion: boolean; readonly constraint: boolean; readonly moe: boolean };
type Reported = readonly [iAuroc: number, pAuroc: number, aupro?: number];

function reported([iAuroc, pAuroc, aupro]: Reported): Record<string, number> {
  const share = (percent: number): number => Math.round(percent * 10) / 1000;
  return {
    iAuroc: share(iAuroc),
    pAuroc: share(pAuroc),
    ...(aupro !== undefined && { aupro: share(aupro) }),
  };
}

function componentRow(
  name: string,
  { fusion, constraint, moe }: Switches,
  paper: Reported,
): AblationRow {
  const parts = [fusion && "fusion", constraint && "constraint", moe && "experts"].filter(Boolean);
  return {
    name,
    title: parts.length === 0 ? "plain decoder" : parts.join(" + "),
    method: "cnc",
    // The normality constraint is the anchors' whole work: the loss and the promotion.
    settings: { fusion, constraint, promotion: constraint, moe },
    paper: reported(paper),
  };
}

/**
 * The ablation of CNC's parts. Its ticks are partly lost in print; the
 * accompanying text fixes all rows but iv, which is what is left.
 */
export const CNC_COMPONENT_ROWS: readonly AblationRow[] = [
  componentRow("i", { fusion: false, constraint: false, moe: false }, [95.4, 95.6, 90.3]),
  componentRow("ii", { fusion: true, constraint: false, moe: false }, [96.0, 96.3, 91.1]),
  componentRow("iii", { fusion: false, constraint: true, moe: false }, [96.7, 97.0, 92.0]),
  componentRow("iv", { fusion: false, constraint: false, moe: true }, [96.3, 95.8, 90.7]),
  componentRow("v", { fusion: true, constraint: true, moe: false }, [98.1, 97.7, 92.8]),
  componentRow("vi", { fusion: true, constraint: false, moe: true }, [97.0, 96.8, 91.4]),
  componentRow("vii", { fusion: true, constraint: true, moe: true }, [98.6, 98.0, 93.0]),
];

/** T, K, image and pixel AUROC. */
const EXPERT_SWEEP = [
  [1, 1, 98.0, 97.7],
  [2, 1, 97.4, 96.7],
  [2, 2, 97.2, 96.9],
  [3, 1, 97.4, 97.0],
  [3, 2, 98.0, 97.3],
  [3, 3, 97.5, 97.5],
  [4, 1, 97.7, 97.2],
  [4, 2, 98.2, 97.4],
  [4, 3, 97.9, 97.8],
  [4, 4, 97.3, 97.6],
  [5, 1, 97.6, 97.4],
  [5, 2, 98.6, 98.0],
  [5, 3, 98.2, 97.7],
  [5, 4, 98.0, 97.7],
  [6, 1, 97.3, 97.3],
  [6, 2, 98.5, 97.3],
  [6, 3, 97.8, 97.7],
  [6, 4, 97.4, 97.4],
] as const;

/** The sweep over experts T and active experts K, none first. */
export const CNC_EXPERT_ROWS: readonly AblationRow[] = [
  {
    name: "none",
    title: "no experts",
    method: "cnc",
    settings: { moe: false },
    paper: reported([98.1, 97.7]),
  },
  ...EXPERT_SWEEP.map(([experts, activeExperts, iAuroc, pAuroc]) => ({
    name: `T${experts}K${activeExperts}`,
    title: `${activeExperts} of ${experts} experts`,
    method: "cnc" as const,
    settings: { moe: true, experts, activeExperts },
    paper: reported([iAuroc, pAuroc]),
  })),
];

/** What the paper's rows were measured on. */
const SOURCE = "CNC (AAAI 2025): MVTec AD, all categories in one model, CLIP ViT-L/14@336";

/** The tables of CNC's ablation. */
export const CNC_TABLES: readonly AblationTable[] = [
  { name: "cnc-components", title: "Parts of CNC", paper: SOURCE, rows: CNC_COMPONENT_ROWS },
  { name: "cnc-experts", title: "Experts of CNC", paper: SOURCE, rows: CNC_EXPERT_ROWS },
];
