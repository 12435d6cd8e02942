import type { OrganisationId } from "@loupe/contracts";

import type { Scope } from "../../scope.ts";

export type WorkUnderWay = {
  readonly runs: number;
  readonly imports: number;
  readonly inspections: number;
};

export interface OrganisationsRepository {
  /** Work of all projects that workers have or will take. */
  countUnderWay(id: OrganisationId): Promise<WorkUnderWay>;
}

export function organisationsRepository({ client }: Scope): OrganisationsRepository {
  return {
    async countUnderWay(organizationId) {
      const project = { organizationId };
      const [runs, imports, inspections] = await Promise.all([
        client.trainingRun.count({
          where: { project, status: { notIn: ["succeeded", "failed", "cancelled"] } },
        }),
        client.import.count({ where: { project, status: { in: ["uploaded", "running"] } } }),
        client.inspection.count({ where: { project, status: { in: ["queued", "scoring"] } } }),
      ]);
      return { runs, imports, inspections };
    },
  };
}
