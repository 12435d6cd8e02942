import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

import {
  AppError,
  projectRoom,
  SIGN_IN_REFUSAL,
  type BusMessage,
  type HandshakeRefusal,
} from "@loupe/contracts";
import { publish, subscribe } from "@loupe/platform";
import { Server } from "socket.io";

import { describeFailure } from "../describe-failure.ts";
import { MAX_SOCKET_MESSAGE_BYTES } from "../doors/list-doors.ts";
import { readSignIn } from "../read-sign-in.ts";
import type { WebServices } from "../services.ts";
import { isHandshakeFromOurPage } from "./is-handshake-from-our-page.ts";
import type { LiveContext } from "./live-context.ts";
import type { LiveServer } from "./live-server.ts";
import { MessageBudget } from "./message-budget.ts";
import { PresenceDesk } from "./presence/presence-desk.ts";
import { recheckSockets } from "./recheck-sockets.ts";
import { RelayHub } from "./relay-hub.ts";
import { serveSocket } from "./serve-socket.ts";
import { toHeaders } from "./to-headers.ts";

export const SOCKET_PATH = "/socket.io/";

/** J and K held down make a dozen presence messages a second. */
const MESSAGE_LIMITS = { perSecond: 20, burst: 40 };
/** A revoked session must be cut off within 5 s. */
const RECHECK_MS = 3_000;
/** Presence is told twice a second at most, and at once when nothing was told for that long. */
const PRESENCE_TICK_MS = 100;

export type Realtime = {
  /** Requests and upgrades under `SOCKET_PATH` belong here. */
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void;
  readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  close(): Promise<void>;
};

/**
 * Live updates: the bus on one side, browsers on the other.
 *
 * socket.io hangs on a server of its own that never listens; the real one hands
 * it what is for it. So the port has exactly one `upgrade` listener, and Next
 * and socket.io cannot close each other's sockets.
 */
export async function openRealtime(
  services: WebServices,
  now: () => number = () => performance.now(),
): Promise<Realtime> {
  const logger = services.logger.child({ part: "realtime" });
  const front = createServer();
  const io: LiveServer = new Server(front, {
    path: SOCKET_PATH,
    serveClient: false,
    destroyUpgrade: false,
    maxHttpBufferSize: MAX_SOCKET_MESSAGE_BYTES,
    // A dead connection must be noticed within 5 s on both sides: a browser waits for
    // pingInterval + pingTimeout before it gives a silent server up, and says so by then.
    pingInterval: 1500,
    pingTimeout: 2900,
    allowRequest: (request, answer) => {
      const isOurs = isHandshakeFromOurPage(request, services.trustedOrigins);
      answer(isOurs ? null : "Expected a connection from a page of this site.", isOurs);
    },
  });
  const presence = new PresenceDesk({
    processId: randomUUID(),
    logger,
    publish: (message) => publish(services.db.pool, message),
    listeners: {
      count: (room) => io.of("/").adapter.rooms.get(room)?.size ?? 0,
      tell: (room, update) => io.to(room).emit("presence", update),
    },
  });
  const hub = new RelayHub({
    logger,
    events: services.db.events,
    emit: (event) => io.to(projectRoom(event.projectId)).emit("event", event),
    hasListeners: (projectId) => io.of("/").adapter.rooms.has(projectRoom(projectId)),
  });
  const live: LiveContext = { services, logger, io, hub, presence, now };

  io.use((socket, next) => {
    readSignIn(services.auth, toHeaders(socket.handshake.headers)).then(
      (signIn) => {
        if (signIn === null) return next(refusal(new AppError("UNAUTHENTICATED", SIGN_IN_REFUSAL)));
        socket.data.signIn = signIn;
        socket.data.projects = new Set();
        socket.data.roles = new Map();
        socket.data.sites = new Map();
        socket.data.budget = new MessageBudget(MESSAGE_LIMITS, now());
        next();
      },
      (error: unknown) => {
        logger.error({ err: error }, "handshake failed");
        next(refusal(error));
      },
    );
  });
  io.on("connection", (socket) => serveSocket(live, socket));

  const subscription = await subscribe({
    connectionString: services.db.url,
    logger,
    onMessage: (message) => relayMessage(live, message, now()),
    onLost: () => void io.emit("health", { isDatabaseUp: false }),
    onReconnect: () => {
      hub.refreshAll();
      io.emit("health", { isDatabaseUp: true });
    },
  });
  const stopTimers = startTimers(live, now);

  return {
    onRequest: (request, response) => void front.emit("request", request, response),
    onUpgrade: (request, socket, head) => void front.emit("upgrade", request, socket, head),
    close: async () => {
      stopTimers();
      // Its own server never listened, which is what close() then complains of.
      await io.close().catch(() => undefined);
      await presence.close();
      await subscription.close();
      await hub.settle();
    },
  };
}

function relayMessage(
  { hub, presence, io }: LiveContext,
  message: BusMessage,
  nowMs: number,
): void {
  switch (message.kind) {
    case "presence":
      presence.hear(message, nowMs);
      return;
    case "telemetry":
      for (const news of message.news) io.to(projectRoom(news.projectId)).emit("telemetry", news);
      return;
    default:
      hub.accept(message);
  }
}

/** Rounds never overlap: a slow database makes them rarer, not more. */
function startTimers(live: LiveContext, now: () => number): () => void {
  let isChecking = false;
  const recheck = setInterval(() => {
    if (isChecking) return;
    isChecking = true;
    recheckSockets(live)
      .catch((error: unknown) => live.logger.error({ err: error }, "sockets were not rechecked"))
      .finally(() => (isChecking = false));
  }, RECHECK_MS);
  const tick = setInterval(() => live.presence.tick(now()), PRESENCE_TICK_MS);
  return () => {
    clearInterval(recheck);
    clearInterval(tick);
  };
}

/** An error of the handshake, with what every other door would answer as its data. */
function refusal(error: unknown): Error {
  const failure = describeFailure(error, "handshake");
  const data: HandshakeRefusal = { error: failure };
  return Object.assign(new Error(failure.message), { data });
}
