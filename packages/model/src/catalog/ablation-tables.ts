import type { AblationTable } from "./ablation.ts";
import { CNC_COMPONENT_ROWS, CNC_EXPERT_ROWS } from "./cnc-ablations.ts";
import { DECAD_TABLES } from "./decad-ablations.ts";
import { METHOD_NAMES, METHODS } from "./methods.ts";

/** Every method with its default settings, side by side. */
const METHODS_TABLE: AblationTable = {
  name: "methods",
  title: "Methods with their default settings",
  paper: null,
  rows: METHOD_NAMES.map((name) => ({
    name,
    title: METHODS[name].title,
    method: name,
    settings: {},
    paper: null,
  })),
};

/** What the paper's rows were measured on. */
const CNC_SOURCE = "CNC (AAAI 2025): MVTec AD, all categories in one model, CLIP ViT-L/14@336";

const CNC_COMPONENTS: AblationTable = {
  name: "cnc-components",
  title: "Parts of CNC",
  paper: CNC_SOURCE,
  rows: CNC_COMPONENT_ROWS,
};

const CNC_EXPERTS: AblationTable = {
  name: "cnc-experts",
  title: "Experts of CNC",
  paper: CNC_SOURCE,
  rows: CNC_EXPERT_ROWS,
};

/** The comparisons that `loupe ablate --table` knows, by name. */
export const ABLATION_TABLES: Readonly<Record<string, AblationTable>> = Object.fromEntries(
  [METHODS_TABLE, CNC_COMPONENTS, CNC_EXPERTS, ...DECAD_TABLES].map((table) => [table.name, table]),
);
