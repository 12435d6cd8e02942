import type { PresenceKey } from "@loupe/contracts";

/** A tab in a project as the key of a map. */
export function presenceName({ projectId, connectionId }: PresenceKey): string {
  return `${projectId} ${connectionId}`;
}
