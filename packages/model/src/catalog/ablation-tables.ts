import type { AblationTable } from "./ablation.ts";
import { CNC_TABLES } from "./methods/cnc/ablations.ts";
import { DECAD_TABLES } from "./methods/decad/ablations.ts";
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

/** The comparisons that `loupe ablate --table` knows, by name. */
export const ABLATION_TABLES: Readonly<Record<string, AblationTable>> = Object.fromEntries(
  [METHODS_TABLE, ...CNC_TABLES, ...DECAD_TABLES].map((table) => [table.name, table]),
);
