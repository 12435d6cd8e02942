import { z } from "zod";

import { ImportId, InspectionId, ProjectId, RunId } from "./ids.ts";
import { RunPoint, RunStatus } from "./run.ts";

/** How often a worker had taken the run when it said so: what an earlier one says counts no more. */
const attempt = z.int();

/**
 * How far something is: a copy of what rows say, never numbered and never stored.
 *
 * Whoever misses some reads the rows. What became so for good is an event.
 */
export const Telemetry = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("run.points"),
    runId: RunId,
    attempt,
    /** These points follow on this step: without it there is a gap, which is read from the rows. */
    afterStep: z.int(),
    /** Oldest first. None: they did not fit, and are read from the rows. */
    points: z.array(RunPoint),
    step: z.int(),
    loss: z.number(),
    stepsPerSecond: z.number(),
    secondsLeft: z.number(),
  }),
  z.object({
    type: z.literal("run.stage"),
    runId: RunId,
    attempt,
    status: RunStatus,
    stageDone: z.int(),
    stageTotal: z.int(),
  }),
  z.object({ type: z.literal("run.checkpoint"), runId: RunId, attempt, step: z.int() }),
  z.object({
    type: z.literal("import.files"),
    importId: ImportId,
    filesDone: z.int(),
    filesTotal: z.int(),
  }),
  z.object({
    type: z.literal("inspection.images"),
    inspectionId: InspectionId,
    imagesDone: z.int(),
    imagesTotal: z.int(),
  }),
]);
export type Telemetry = z.infer<typeof Telemetry>;

export const ProjectTelemetry = z.object({ projectId: ProjectId, body: Telemetry });
export type ProjectTelemetry = z.infer<typeof ProjectTelemetry>;

/** What a worker tells at once, of whatever it works on. */
export const TelemetryMessage = z.object({
  kind: z.literal("telemetry"),
  news: z.array(ProjectTelemetry),
});
export type TelemetryMessage = z.infer<typeof TelemetryMessage>;
