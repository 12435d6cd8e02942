import type { CaseRow, CasesByIdInput } from "@loupe/contracts";

import { projectUseCase } from "../use-case/project-use-case.ts";

/** Those of these cases that the project has, in no particular order. */
export const listCasesById = projectUseCase(
  "case:read",
  ({ db }, input: CasesByIdInput): Promise<CaseRow[]> => db.cases.listByIds(input),
);
