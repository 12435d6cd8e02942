import type { ProjectTelemetry, Telemetry } from "@loupe/contracts";

/** Add news to what waits: of one thing only the newest is told, with all of its points. */
export function addTelemetry(
  waiting: ReadonlyMap<string, ProjectTelemetry>,
  { projectId, body }: ProjectTelemetry,
): ReadonlyMap<string, ProjectTelemetry> {
  const key = `${body.type} ${subjectOf(body)}`;
  const earlier = waiting.get(key)?.body;
  const joined = earlier === undefined ? body : join(earlier, body);
  return new Map(waiting).set(key, { projectId, body: joined });
}

function subjectOf(body: Telemetry): string {
  if ("runId" in body) return body.runId;
  return "importId" in body ? body.importId : body.inspectionId;
}

function join(earlier: Telemetry, later: Telemetry): Telemetry {
  if (earlier.type !== "run.points" || later.type !== "run.points") return later;
  const isNext = earlier.attempt === later.attempt && earlier.step === later.afterStep;
  // Points of a run that was taken anew, or of which some are missing, are read from the rows.
  if (!isNext) return later;
  const { afterStep } = earlier;
  return { ...later, afterStep, points: [...earlier.points, ...later.points] };
}
