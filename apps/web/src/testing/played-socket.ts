import type { JoinProjectReply, PresenceUpdate, ProjectId } from "@loupe/contracts";

import type { LiveSocket } from "../lib/live/live-socket.ts";

type Listener = (...args: unknown[]) => void;

function anEmitter() {
  const listeners = new Map<string, Listener[]>();
  return {
    on: (name: string, listener: Listener) =>
      void listeners.set(name, [...(listeners.get(name) ?? []), listener]),
    off: (name: string, listener: Listener) =>
      void listeners.set(
        name,
        (listeners.get(name) ?? []).filter((each) => each !== listener),
      ),
    emit: (name: string, ...args: unknown[]) =>
      listeners.get(name)?.forEach((listener) => listener(...args)),
    removeAllListeners: () => listeners.clear(),
  };
}

/** Nobody is in the project. */
export const nobodyIn = (projectId: ProjectId): PresenceUpdate => ({
  projectId,
  focusId: null,
  isWhole: true,
  here: [],
  gone: [],
  people: 0,
});

/** A browser's end of a socket, without a server; `say` is the server, `sent` what it was told. */
export function playedSocket(projectId: ProjectId) {
  const listeners = anEmitter();
  const sent: unknown[] = [];
  const line = { sequence: 0, isDatabaseUp: true };
  const emit = (name: string, input: unknown, answer?: (...reply: unknown[]) => void) => {
    if (name === "presence:set") sent.push(input);
    const presence = nobodyIn(projectId);
    const { sequence } = line;
    const reply: JoinProjectReply = line.isDatabaseUp
      ? { ok: true, events: [], sequence, presence, isComplete: true }
      : {
          ok: false,
          error: { code: "UNAVAILABLE", message: "The database cannot be reached.", details: {} },
        };
    if (name === "project:join") answer?.(null, reply);
  };
  const socket = {
    id: "mine",
    connected: false,
    active: true,
    on: listeners.on,
    emit,
    timeout: () => ({ emit }),
    connect: () => {
      socket.connected = true;
      listeners.emit("connect");
    },
    disconnect: () => (socket.connected = false),
    io: anEmitter(),
    removeAllListeners: listeners.removeAllListeners,
  };
  return { socket: socket as unknown as LiveSocket, sent, line, say: listeners.emit };
}
