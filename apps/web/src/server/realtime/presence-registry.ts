import { PRESENCE_EXPIRY_MS, type Presence, type ProjectId } from "@loupe/contracts";

type Seen = { readonly presence: Presence; readonly seenAtMs: number };

/**
 * Who looks at what, as heard on the bus by this process.
 *
 * Every web process hears the same messages, so all of them come to the same
 * list; one that starts later has it after one heartbeat of the browsers.
 */
export class PresenceRegistry {
  readonly #projects = new Map<ProjectId, Map<string, Seen>>();

  note(presence: Presence, nowMs: number): void {
    const project = this.#projects.get(presence.projectId) ?? new Map<string, Seen>();
    project.set(presence.connectionId, { presence, seenAtMs: nowMs });
    this.#projects.set(presence.projectId, project);
  }

  /** False when nobody knew of it. */
  remove(projectId: ProjectId, connectionId: string): boolean {
    const project = this.#projects.get(projectId);
    const isKnown = project?.delete(connectionId) ?? false;
    if (project?.size === 0) this.#projects.delete(projectId);
    return isKnown;
  }

  list(projectId: ProjectId, nowMs: number): Presence[] {
    const project = this.#projects.get(projectId);
    if (project === undefined) return [];
    return [...project.values()]
      .filter((seen) => !isExpired(seen, nowMs))
      .map((seen) => seen.presence);
  }

  /** Take out whoever has been silent for too long, and say who that was. */
  expire(nowMs: number): Presence[] {
    const gone: Presence[] = [];
    for (const project of this.#projects.values()) {
      for (const seen of project.values()) {
        if (isExpired(seen, nowMs)) gone.push(seen.presence);
      }
    }
    for (const { projectId, connectionId } of gone) this.remove(projectId, connectionId);
    return gone;
  }
}

function isExpired(seen: Seen, nowMs: number): boolean {
  return nowMs - seen.seenAtMs >= PRESENCE_EXPIRY_MS;
}
