import type {
  CaseId,
  ClientToServerEvents,
  JoinProjectReply,
  ProjectId,
  PresenceUpdate,
  ServerToClientEvents,
} from "@loupe/contracts";
import { io, type Socket } from "socket.io-client";

import type { CrowdTask } from "./protocol.ts";

/** One person's tab as far as the server can tell. */
export class Browser {
  readonly #socket: Socket<ServerToClientEvents, ClientToServerEvents>;
  readonly #projectId: ProjectId;
  readonly #shown = new Set<string>();
  presenceMessages = 0;
  mostShown = 0;
  /** Calls when a case has been decided. */
  onVerdict: ((caseId: string) => void) | null = null;

  constructor(
    { address, origin, projectId }: CrowdTask,
    readonly cookie: string,
  ) {
    this.#projectId = projectId as ProjectId;
    this.#socket = io(address, {
      transports: ["websocket"],
      forceNew: true,
      autoConnect: false,
      timeout: 60_000,
      extraHeaders: { cookie, origin },
    });
    this.#socket.on("presence", (update) => {
      this.presenceMessages++;
      this.#note(update);
    });
    this.#socket.on("event", ({ body }) => {
      if (body.type === "case.verdict") this.onVerdict?.(body.caseId);
    });
  }

  /** Connect, join, and say what is looked at. */
  async enter(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#socket.once("connect", resolve);
      this.#socket.once("connect_error", reject);
      this.#socket.connect();
    });
    const input = { projectId: this.#projectId, afterSequence: 0 };
    const reply = await new Promise<JoinProjectReply>((resolve) => {
      this.#socket.emit("project:join", input, resolve);
    });
    if (!reply.ok) throw new Error(`Expected to join, got: ${reply.error.message}`);
    this.#note(reply.presence);
    this.lookAt(null);
  }

  lookAt(caseId: string | null): void {
    const projectId = this.#projectId;
    this.#socket.emit("presence:set", { projectId, caseId: caseId as CaseId | null, runId: null });
  }

  leave(): void {
    this.#socket.disconnect();
  }

  #note({ focusId, isWhole, here, gone }: PresenceUpdate): void {
    if (focusId !== null) return;
    if (isWhole) this.#shown.clear();
    for (const connectionId of gone) this.#shown.delete(connectionId);
    for (const { connectionId } of here) this.#shown.add(connectionId);
    this.mostShown = Math.max(this.mostShown, this.#shown.size);
  }
}
