import type { BusMessage, ProjectEvent, ProjectId } from "@loupe/contracts";
import type { Logger } from "@loupe/platform";

import { ProjectRelay, type EventSource, type Gap } from "./project-relay.ts";

export type HubOptions = {
  readonly events: EventSource;
  readonly logger: Logger;
  readonly emit: (event: ProjectEvent) => void;
  /** True while a socket of this process is in the project. */
  readonly hasListeners: (projectId: ProjectId) => boolean;
};

/** The relays of all projects that somebody on this process watches. */
export class RelayHub {
  readonly #relays = new Map<ProjectId, ProjectRelay>();

  constructor(private readonly options: HubOptions) {}

  join(projectId: ProjectId, afterSequence: number, enter: (gap: Gap) => void): Promise<void> {
    return this.#relayOf(projectId).join(afterSequence, enter);
  }

  accept(message: Extract<BusMessage, { kind: "event" | "event-ref" }>): void {
    const projectId = message.kind === "event" ? message.event.projectId : message.projectId;
    const relay = this.#relays.get(projectId);
    if (relay === undefined) return;
    if (!relay.isBusy && !this.options.hasListeners(projectId)) {
      this.#relays.delete(projectId);
      return;
    }
    if (message.kind === "event") relay.accept(message.event);
    else relay.refresh();
  }

  /** The bus was away for a while: every watched project reads what is new. */
  refreshAll(): void {
    for (const relay of this.#relays.values()) relay.refresh();
  }

  /** Resolves when nothing is under way any more. */
  async settle(): Promise<void> {
    await Promise.all([...this.#relays.values()].map((relay) => relay.idle));
  }

  #relayOf(projectId: ProjectId): ProjectRelay {
    const known = this.#relays.get(projectId);
    if (known !== undefined) return known;
    const { events, logger, emit } = this.options;
    const relay = new ProjectRelay({ projectId, events, logger, emit });
    this.#relays.set(projectId, relay);
    return relay;
  }
}
