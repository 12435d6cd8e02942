import { isFinalInspectionStatus } from "@loupe/contracts";

import type { LiveFold } from "../../../lib/live/live-cache.ts";
import { applyDemoEvent } from "./apply-demo-event.ts";

/** Keeps the project's counters right: whatever adds images, models or cases changes them. */
export const foldProjectEvents: LiveFold = (event, { client, trpc, invalidate }) => {
  switch (event.body.type) {
    case "demo.progress": {
      const { body } = event;
      client.setQueryData(
        trpc.projects.demo.queryKey({ projectId: event.projectId }),
        (progress) => progress && applyDemoEvent(progress, body),
      );
      // Which run it is comes with the row, not with the event.
      if (body.phase === "training") {
        invalidate({ queryKey: trpc.projects.demo.queryKey({ projectId: event.projectId }) });
      }
      return;
    }
    case "model.created":
    case "model.activated":
      invalidate({ queryKey: trpc.projects.get.queryKey({ projectId: event.projectId }) });
      return;
    case "import.status":
      if (event.body.status !== "running") {
        invalidate({ queryKey: trpc.projects.get.queryKey({ projectId: event.projectId }) });
      }
      return;
    case "dataset.frozen":
    case "dataset.freeze":
    case "run.created":
    case "run.status":
    case "run.probes":
    case "encoder.pull":
    case "run.incident":
    case "retired":
      return;
    case "inspection.status":
      // It has brought pictures when it is new, and has come to its numbers when it has ended.
      if (event.body.status === "queued" || isFinalInspectionStatus(event.body.status)) {
        invalidate({ queryKey: trpc.projects.get.queryKey({ projectId: event.projectId }) });
      }
      return;
    case "cases.changed":
    case "case.verdict":
    case "case.withdrawn": {
      const all = event.body.counts?.find(
        ({ category, inspectionId }) => category === null && inspectionId === null,
      );
      if (all === undefined) {
        if (event.body.type === "cases.changed") {
          invalidate({ queryKey: trpc.projects.get.queryKey({ projectId: event.projectId }) });
        }
        return;
      }
      client.setQueryData(trpc.projects.get.queryKey({ projectId: event.projectId }), (project) =>
        project && event.sequence > project.eventSequence
          ? { ...project, openCaseCount: all.counts.open + all.counts.inReview }
          : project,
      );
      return;
    }
  }
};
