import {
  type ContentHash,
  type ImageId,
  type OrganisationId,
  type ProjectId,
  type RunId,
  RunIncident,
  RunPoint,
} from "@loupe/contracts";

import { notFound } from "../../not-found.ts";
import type { Scope } from "../../scope.ts";
import { RUN_VIEW, runView } from "./run-view.ts";
import { HELD_STATUSES, type RunReads } from "./run-types.ts";

export function runReads({ client }: Scope): RunReads {
  return {
    async list(projectId) {
      const rows = await client.trainingRun.findMany({
        where: { projectId },
        orderBy: { number: "desc" },
        include: RUN_VIEW,
      });
      return rows.map(runView);
    },

    async require(id, projectId) {
      const row = await client.trainingRun.findFirst({
        where: { id, projectId },
        include: RUN_VIEW,
      });
      if (row === null) throw notFound("run", id);
      return runView(row);
    },

    async find(id) {
      const row = await client.trainingRun.findUnique({ where: { id }, include: RUN_VIEW });
      return row === null ? null : runView(row);
    },

    async points(id, { afterStep = -1, maxPoints } = {}) {
      const where = { runId: id, step: { gt: afterStep } };
      const total = maxPoints === undefined ? 0 : await client.runPoint.count({ where });
      const every = maxPoints === undefined ? 1 : thinningStride(total, maxPoints);
      const rows = await client.$queryRaw<RunPoint[]>`
        select "step", "loss", "terms" from (
          select *, row_number() over (order by "step") as n, max("step") over () as newest
          from "run_point" where "runId" = ${id}::uuid and "step" > ${afterStep}
        ) p where p.n % ${every} = 0 or p."step" = p.newest order by p."step"`;
      return rows.map((row) => RunPoint.parse(row));
    },

    async probes(id) {
      const rows = await client.runProbe.findMany({
        where: { runId: id },
        orderBy: [{ step: "asc" }, { imageId: "asc" }],
        include: { image: { include: { category: { select: { name: true } } } } },
      });
      return rows.map((row) => ({
        imageId: row.imageId as ImageId,
        step: row.step,
        score: row.score,
        fileName: row.image.fileName,
        category: row.image.category.name,
        defectType: row.image.defectType,
      }));
    },

    async requireProbeMap({ runId, imageId, step }) {
      const row = await client.runProbe.findUnique({
        where: { runId_imageId_step: { runId, imageId, step } },
        select: {
          mapKey: true,
          run: { select: { project: { select: { id: true, organizationId: true } } } },
        },
      });
      if (row === null) throw notFound("probe at step", step);
      return {
        organisationId: row.run.project.organizationId as OrganisationId,
        projectId: row.run.project.id as ProjectId,
        mapKey: row.mapKey as ContentHash,
      };
    },

    async incidents(id) {
      const rows = await client.runIncident.findMany({
        where: { runId: id },
        orderBy: [{ at: "asc" }, { id: "asc" }],
      });
      return rows.map((row) => RunIncident.parse(row));
    },

    async listStalled(olderThanMs) {
      const rows = await client.trainingRun.findMany({
        where: {
          status: { in: [...HELD_STATUSES] },
          OR: [{ heartbeatAt: null }, { heartbeatAt: { lt: new Date(Date.now() - olderThanMs) } }],
        },
        orderBy: { id: "asc" },
      });
      return rows.map((row) => ({
        id: row.id as RunId,
        projectId: row.projectId as ProjectId,
        step: row.step,
        status: row.status,
        worker: row.leaseWorker,
      }));
    },
  };
}

/** A power of two, as the stride of gauges is, so that what is left still holds points with gauges. */
function thinningStride(total: number, maxPoints: number): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(total / maxPoints)));
}
