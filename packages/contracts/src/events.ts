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
  VerdictId,
} from "./ids.ts";
import { PullStatus, RunStatus } from "./run.ts";
import { DemoPhase } from "./demo.ts";
import type { Failure } from "./errors.ts";
import { SiteName } from "./site.ts";
import {
  CaseState,
  InspectionStatus,
  NAMED_CASES,
  ScopedCaseCounts,
  VerdictView,
} from "./review.ts";
import { FreezeStatus, ImportStatus } from "./dataset.ts";
import { type ProjectTelemetry, TelemetryMessage } from "./telemetry.ts";

/** Dates travel as text. */
const TravellingVerdict = VerdictView.extend({
  createdAt: z.coerce.date(),
  withdrawnAt: z.coerce.date().nullable().default(null),
});

/**
 * Small facts that live views are built from. Each is a row with a per-project
 * sequence number, written in the transaction of the change that it reports;
 * what travels over NOTIFY and the socket is a copy that may be lost, doubled
 * or late. Events carry ids and a few numbers and are never the only copy. How
 * far something is, which changes many times a second, is `Telemetry`.
 */
export const ProjectEventBody = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("import.status"),
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
    type: z.literal("run.probes"),
    runId: RunId,
    step: z.int(),
    probes: z.array(z.object({ imageId: ImageId, score: z.number() })).max(16),
  }),
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
  /** The version that scores for the team is another one, or all cases have been scored with it. */
  z.object({
    type: z.literal("model.activated"),
    modelVersionId: ModelVersionId,
    isRescoring: z.boolean(),
  }),
  z.object({
    type: z.literal("inspection.status"),
    inspectionId: InspectionId,
    status: InspectionStatus,
    imagesDone: z.int(),
    imagesTotal: z.int(),
  }),
  z.object({
    type: z.literal("cases.changed"),
    count: z.int(),
    /** Which; an event of too many to name, and one from before, has none. */
    caseIds: z.array(CaseId).max(NAMED_CASES).optional(),
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
    verdict: TravellingVerdict,
    /** Of every scope that the case belongs to, as of this event; events from before have none. */
    counts: z.array(ScopedCaseCounts).optional(),
  }),
  z.object({
    type: z.literal("case.withdrawn"),
    caseId: CaseId,
    state: CaseState,
    version: z.int(),
    /** What counts now: the newest verdict that was not withdrawn. */
    verdict: TravellingVerdict.nullable(),
    withdrawn: z.object({ id: VerdictId, at: z.coerce.date() }),
    counts: z.array(ScopedCaseCounts).optional(),
  }),
  /** A row of an earlier version that has its number and says nothing any more. Never written. */
  z.object({ type: z.literal("retired") }),
]);
export type ProjectEventBody = z.infer<typeof ProjectEventBody>;

export const ProjectEvent = z.object({
  projectId: ProjectId,
  sequence: z.int().min(1),
  at: z.coerce.date(),
  body: ProjectEventBody,
});
export type ProjectEvent = z.infer<typeof ProjectEvent>;

/** Who looks at what, right now. Never stored: the web process that has the browser keeps it. */
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

/** A tab in a project. */
export const PresenceKey = Presence.pick({ projectId: true, connectionId: true });
export type PresenceKey = z.infer<typeof PresenceKey>;

/**
 * What a web process tells the others of its own browsers: what changed, or one page of the whole
 * list, which makes good whatever was lost, doubled or late before it.
 */
export const PresenceMessage = z.object({
  kind: z.literal("presence"),
  /** Only this process speaks of these browsers. */
  processId: z.string().min(1).max(64),
  /** Rises with every batch of changes and every list; of two words about one tab the higher counts. */
  version: z.int().min(1),
  here: z.array(Presence),
  gone: z.array(PresenceKey),
  /** Null: changes only. Otherwise whoever is on no page of the list is gone. */
  list: z.object({ page: z.int().min(0), pages: z.int().min(1) }).nullable(),
});
export type PresenceMessage = z.infer<typeof PresenceMessage>;

/** How often a web process tells its whole list. */
export const PRESENCE_LIST_MS = 10_000;
/** A web process that has not been heard for this long is gone, and its browsers with it. */
export const PRESENCE_EXPIRY_MS = 30_000;

/** Most tabs that a browser hears of in a project, and again on its case or run; the rest is a count. */
export const PRESENCE_SHOWN_TABS = 50;

/** What a browser hears of who is there: in its project, or on the case or run that it looks at. */
export type PresenceUpdate = {
  readonly projectId: ProjectId;
  /** Null: the whole project. */
  readonly focusId: CaseId | RunId | null;
  /** True: in place of all that was known of this project or focus. Otherwise these changes. */
  readonly isWhole: boolean;
  readonly here: readonly Presence[];
  /** Connections. */
  readonly gone: readonly string[];
  /** How many different people are there, also those of whom nothing is said. */
  readonly people: number;
};

/** What travels through NOTIFY: stored events, and presence and telemetry, which are not stored. */
export const BusMessage = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("event"), event: ProjectEvent }),
  /** The event was too large for a notification: read it from its row. */
  z.object({ kind: z.literal("event-ref"), projectId: ProjectId, sequence: z.int() }),
  PresenceMessage,
  TelemetryMessage,
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
      /** Who is in the project, as its browsers have been told so far. */
      presence: PresenceUpdate;
      isComplete: boolean;
    }
  | { ok: false; error: Failure };

/** What the socket's handshake says to somebody without a session: signing in helps. */
export const SIGN_IN_REFUSAL = "Sign in to go on.";

/** What comes with a handshake that was refused, as its error's `data`. */
export type HandshakeRefusal = { error: Failure };

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
  presence: (update: PresenceUpdate) => void;
  telemetry: (news: ProjectTelemetry) => void;
  /** The server lost its database, or has it again: until then nothing is live. */
  health: (health: { isDatabaseUp: boolean }) => void;
};

/** The room of a project's events. */
export function projectRoom(projectId: ProjectId): string {
  return `project:${projectId}`;
}

/** The room of those who look at one case or run of a project. */
export function focusRoom(projectId: ProjectId, focusId: CaseId | RunId): string {
  return `focus:${projectId}:${focusId}`;
}
