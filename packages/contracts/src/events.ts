import { z } from "zod";

import {
  CaseId,
  DatasetVersionId,
  EncoderPullId,
  FreezeId,
  ImageId,
  ImportId,
  InspectionId,
  ModelVersionId,
  ProjectId,
  RunId,
  UserId,
} from "./ids.ts";
import { PullStatus, RunPoint, RunStatus } from "./run.ts";
import { DemoPhase } from "./demo.ts";
import { SiteName } from "./site.ts";
import { CaseState, InspectionStatus, ScopedCaseCounts, VerdictView } from "./review.ts";
import { FreezeStatus, ImportStatus } from "./dataset.ts";

/**
 * Small facts that live views are built from. Each is a row with a per-project
 * sequence number, written in the transaction of the change that it reports;
 * what travels over NOTIFY and the socket is a copy that may be lost, doubled
 * or late. Events carry ids and a few numbers and are never the only copy.
 */
export const ProjectEventBody = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("import.progress"),
    importId: ImportId,
    status: ImportStatus,
    filesDone: z.int(),
    filesTotal: z.int().nullable(),
  }),
  z.object({ type: z.literal("dataset.frozen"), datasetVersionId: DatasetVersionId }),
  z.object({
    type: z.literal("dataset.freeze"),
    freezeId: FreezeId,
    status: FreezeStatus,
    imagesDone: z.int(),
    imagesTotal: z.int().nullable(),
  }),
  z.object({ type: z.literal("run.created"), runId: RunId }),
  z.object({
    type: z.literal("run.status"),
    runId: RunId,
    status: RunStatus,
    stageDone: z.int(),
    stageTotal: z.int(),
  }),
  z.object({
    type: z.literal("run.progress"),
    runId: RunId,
    /** Steps since the last progress event, oldest first; at most 50. */
    points: z.array(RunPoint).min(1).max(50),
    stepsPerSecond: z.number(),
    secondsLeft: z.number(),
  }),
  z.object({
    type: z.literal("run.probes"),
    runId: RunId,
    step: z.int(),
    probes: z.array(z.object({ imageId: ImageId, score: z.number() })).max(16),
  }),
  z.object({ type: z.literal("run.checkpoint"), runId: RunId, step: z.int() }),
  z.object({
    type: z.literal("encoder.pull"),
    pullId: EncoderPullId,
    encoder: z.string(),
    status: PullStatus,
    bytesDone: z.number(),
    bytesTotal: z.number(),
  }),
  z.object({ type: z.literal("run.incident"), runId: RunId, step: z.int(), message: z.string() }),
  z.object({ type: z.literal("model.created"), modelVersionId: ModelVersionId, runId: RunId }),
  z.object({
    type: z.literal("inspection.progress"),
    inspectionId: InspectionId,
    status: InspectionStatus,
    imagesDone: z.int(),
    imagesTotal: z.int(),
  }),
  z.object({
    type: z.literal("cases.changed"),
    count: z.int(),
    counts: z.array(ScopedCaseCounts).optional(),
  }),
  z.object({
    type: z.literal("demo.progress"),
    phase: DemoPhase,
    done: z.int(),
    total: z.int(),
    problem: z.string().nullable(),
  }),
  z.object({
    type: z.literal("case.verdict"),
    caseId: CaseId,
    state: CaseState,
    version: z.int(),
    verdict: VerdictView.extend({ createdAt: z.coerce.date() }),
    /** Of every scope that the case belongs to, as of this event; events from before have none. */
    counts: z.array(ScopedCaseCounts).optional(),
  }),
]);
export type ProjectEventBody = z.infer<typeof ProjectEventBody>;

export const ProjectEvent = z.object({
  projectId: ProjectId,
  sequence: z.int().min(1),
  at: z.coerce.date(),
  body: ProjectEventBody,
});
export type ProjectEvent = z.infer<typeof ProjectEvent>;

/** Who looks at what, right now. Never stored: it expires by itself. */
export const Presence = z.object({
  projectId: ProjectId,
  /** One per browser tab. */
  connectionId: z.string().min(1).max(64),
  user: z.object({ id: UserId, name: z.string(), site: SiteName.nullable().default(null) }),
  caseId: CaseId.nullable(),
  runId: RunId.nullable(),
});
export type Presence = z.infer<typeof Presence>;

/** What a browser says about itself; the server adds who it is. */
export const PresenceInput = Presence.pick({ projectId: true, caseId: true, runId: true });
export type PresenceInput = z.infer<typeof PresenceInput>;

/** A browser that has not repeated its presence for this long is gone. */
export const PRESENCE_EXPIRY_MS = 30_000;
/** How often a browser repeats its presence. */
export const PRESENCE_HEARTBEAT_MS = 10_000;

/** What travels through NOTIFY: stored events, and presence, which is not stored. */
export const BusMessage = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("event"), event: ProjectEvent }),
  /** The event was too large for a notification: read it from its row. */
  z.object({ kind: z.literal("event-ref"), projectId: ProjectId, sequence: z.int() }),
  z.object({ kind: z.literal("presence"), presence: Presence }),
  z.object({
    kind: z.literal("presence-gone"),
    projectId: ProjectId,
    connectionId: z.string(),
  }),
]);
export type BusMessage = z.infer<typeof BusMessage>;

/** Postgres refuses a NOTIFY payload of 8,000 bytes or more. */
export const NOTIFY_LIMIT_BYTES = 7_900;

/** Socket messages from browser to server; each is answered through an acknowledgement. */
export const JoinProjectInput = z.strictObject({
  projectId: ProjectId,
  /** The newest sequence number that the browser has; it gets what came after. */
  afterSequence: z.int().min(0),
});
export type JoinProjectInput = z.infer<typeof JoinProjectInput>;

export type JoinProjectReply =
  | {
      ok: true;
      events: ProjectEvent[];
      sequence: number;
      presence: Presence[];
      isComplete: boolean;
    }
  | { ok: false; error: string };

/** More missed events than this and the browser reloads its views instead. */
export const MAX_GAP_EVENTS = 500;

/** The typed surface of the socket. Everything else than these names is refused. */
export type ClientToServerEvents = {
  "project:join": (input: JoinProjectInput, reply: (answer: JoinProjectReply) => void) => void;
  "project:leave": (input: { projectId: ProjectId }) => void;
  "presence:set": (input: PresenceInput) => void;
};
export type ServerToClientEvents = {
  event: (event: ProjectEvent) => void;
  presence: (presence: Presence) => void;
  "presence:gone": (gone: { projectId: ProjectId; connectionId: string }) => void;
};

/** The room of a project's events. */
export function projectRoom(projectId: ProjectId): string {
  return `project:${projectId}`;
}
