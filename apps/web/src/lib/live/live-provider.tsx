"use client";

import type { Presence, PresenceInput, ProjectId } from "@loupe/contracts";
import { useQueryClient, type Query } from "@tanstack/react-query";
import {
  createContext,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from "react";

import { describeError } from "../describe-error.ts";
import { useTRPC } from "../trpc.tsx";
import { LiveCacheWriter, type LiveFold, type TelemetryFold } from "./live-cache.ts";
import { LiveConnection } from "./live-connection.ts";
import type { LiveSnapshot } from "./live-snapshot.ts";
import { openLiveSocket } from "./live-socket.ts";

const LiveContext = createContext<LiveConnection | null>(null);

type LiveProviderProps = {
  readonly projectId: ProjectId;
  readonly afterSequence: number;
  readonly folds: readonly (LiveFold | TelemetryFold)[];
  readonly children: ReactNode;
};

/** Keeps everything below it up to date with the project's events and telemetry. */
export function LiveProvider({ projectId, afterSequence, folds, children }: LiveProviderProps) {
  const client = useQueryClient();
  const trpc = useTRPC();
  // Both live as long as the page of the project; later sequence numbers of the project's own
  // query are of no interest to them.
  const [writer] = useState(() => new LiveCacheWriter(client, trpc, folds));
  const [connection] = useState(
    () =>
      new LiveConnection({
        projectId,
        afterSequence,
        openSocket: openLiveSocket,
        onEvents: (events) => writer.apply(events),
        onTelemetry: (news) => writer.follow(news),
        onJoined: () => writer.catchUp(projectId),
        onReset: () => void client.invalidateQueries(),
      }),
  );

  useEffect(() => {
    const stopWriter = writer.start();
    connection.start();
    return () => {
      connection.stop();
      stopWriter();
    };
  }, [connection, writer]);

  const { state } = useSyncExternalStore(
    connection.subscribe,
    connection.getSnapshot,
    connection.getSnapshot,
  );
  useEffect(() => {
    // What a lost line left without an answer is asked at once when the line is back.
    if (state === "live") void client.refetchQueries({ type: "active", predicate: isUnanswered });
  }, [state, client]);

  return <LiveConnectionProvider connection={connection}>{children}</LiveConnectionProvider>;
}

/** Lets everything below it see how a connection is doing. */
export function LiveConnectionProvider({
  connection,
  children,
}: {
  readonly connection: LiveConnection;
  readonly children: ReactNode;
}) {
  return <LiveContext.Provider value={connection}>{children}</LiveContext.Provider>;
}

function isUnanswered({ state }: Query): boolean {
  return state.status === "error" && describeError(state.error).isOffline;
}

function useConnection(): LiveConnection {
  const connection = useContext(LiveContext);
  if (!connection) throw new Error("Expected a LiveProvider above this component, found none");
  return connection;
}

/** The state of the connection and who else is here. */
export function useLive(): LiveSnapshot {
  const connection = useConnection();
  return useSyncExternalStore(connection.subscribe, connection.getSnapshot, connection.getSnapshot);
}

/** Let the others know what this tab is looking at, for as long as the component is shown. */
export function useSharePresence({ caseId, runId }: Omit<PresenceInput, "projectId">): void {
  const connection = useConnection();
  useEffect(() => {
    connection.setPresence({ caseId, runId });
    return () => connection.setPresence({ caseId: null, runId: null });
  }, [connection, caseId, runId]);
}

/** Tabs of other people, one of each person, the one that looks at something first. */
export function listPeople(others: readonly Presence[], myId: string): Presence[] {
  const people = new Map<string, Presence>();
  for (const presence of others) {
    if (presence.user.id === myId) continue;
    const known = people.get(presence.user.id);
    if (!known || (known.caseId === null && known.runId === null)) {
      people.set(presence.user.id, presence);
    }
  }
  return [...people.values()];
}
