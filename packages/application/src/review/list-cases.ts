import type { CasePage, ListCasesInput } from "@loupe/contracts";

import { projectUseCase } from "../use-case/project-use-case.ts";

/** One page of the queue, most anomalous first. */
export const listCases = projectUseCase(
  "case:read",
  ({ db }, input: ListCasesInput): Promise<CasePage> => db.cases.list(input),
);
