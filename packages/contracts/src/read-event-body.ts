import { ProjectEventBody } from "./events.ts";

/** What events of earlier versions are called now. */
const RENAMED: ReadonlyMap<string, ProjectEventBody["type"]> = new Map([
  ["import.progress", "import.status"],
  ["inspection.progress", "inspection.status"],
  ["run.progress", "retired"],
  ["run.checkpoint", "retired"],
]);

/** A stored event's body as this version knows it; rows of earlier ones stay as they were written. */
export function readEventBody(stored: unknown): ProjectEventBody {
  const type = readType(stored);
  const renamed = type === null ? undefined : RENAMED.get(type);
  if (renamed === undefined) return ProjectEventBody.parse(stored);
  return ProjectEventBody.parse({ ...(stored as object), type: renamed });
}

function readType(stored: unknown): string | null {
  if (typeof stored !== "object" || stored === null || !("type" in stored)) return null;
  return typeof stored.type === "string" ? stored.type : null;
}
