import type {
  ContentHash,
  ImageId,
  OrganisationId,
  ProjectId,
  RunId,
  RunIncident,
  RunPoint,
  RunProbe,
  RunStatus,
  RunView,
  StartRunInput,
  UserId,
} from "@loupe/contracts";

/** Left out: the preset "fast", all categories. */
export type NewRun = Omit<StartRunInput, "preset" | "category"> &
  Partial<Pick<StartRunInput, "preset" | "category">> & { readonly createdById: UserId };

/** What the worker that holds a run finds out about it before it trains. */
export type RunFacts = { readonly note: string | null; readonly device: string | null };

/** What a worker shows with every write: a write of a worker that lost the run is refused. */
export type RunLease = { readonly runId: RunId; readonly token: number };

export type ClaimedRun = {
  readonly lease: RunLease;
  readonly run: RunView;
  readonly organisationId: OrganisationId;
  /** True when another worker, or an earlier life of this one, had started the run. */
  readonly isTakenOver: boolean;
};

export type RunStage = {
  readonly status: "caching_features" | "training" | "evaluating";
  readonly stageDone: number;
  readonly stageTotal: number;
};

export type RunRates = { readonly stepsPerSecond: number; readonly secondsLeft: number };

export type NewProbe = {
  readonly imageId: ImageId;
  readonly step: number;
  readonly score: number;
  /** Content hash of the anomaly map's blob. */
  readonly mapKey: ContentHash;
};

export type RunEnd =
  | { readonly status: "succeeded" | "cancelled" }
  | { readonly status: "failed"; readonly error: string };

export type StalledRun = {
  readonly id: RunId;
  readonly projectId: ProjectId;
  readonly step: number;
  readonly status: RunStatus;
  readonly worker: string | null;
};

export type ListRunPoints = {
  /** Only points of later steps. */
  readonly afterStep?: number;
  /**
   * Thin to at most about this many: every second, fourth, … point. The newest is always there,
   * and so are points with gauges, see `gaugeStride`.
   */
  readonly maxPoints?: number;
};

/** Statuses in which a worker holds the run. */
export const HELD_STATUSES = [
  "caching_features",
  "training",
  "evaluating",
] as const satisfies readonly RunStatus[];

/** What people see and ask for. */
export interface RunReads {
  /** The project's runs, newest first. */
  list(projectId: ProjectId): Promise<RunView[]>;
  require(id: RunId, projectId: ProjectId): Promise<RunView>;
  find(id: RunId): Promise<RunView | null>;
  /** The loss curve, by step. */
  points(id: RunId, options?: ListRunPoints): Promise<RunPoint[]>;
  /** The heatmaps of the probe images, by step. */
  probes(id: RunId): Promise<RunProbe[]>;
  requireProbeMap(probe: {
    readonly runId: RunId;
    readonly imageId: ImageId;
    readonly step: number;
  }): Promise<{ organisationId: OrganisationId; projectId: ProjectId; mapKey: ContentHash }>;
  /** Oldest first. */
  incidents(id: RunId): Promise<RunIncident[]>;
  /** Runs under way whose holder has been silent for this long. */
  listStalled(olderThanMs: number): Promise<StalledRun[]>;
}

/** What changes a run from outside its worker. */
export interface RunRequests {
  /** The same idempotency key gives the same run, with `isNew: false`. NOT_FOUND for a dataset version of elsewhere. */
  create(input: NewRun): Promise<{ run: RunView; isNew: boolean }>;
  /** Queued: cancelled at once. Under way: asked to stop. Ended: RUN_ALREADY_FINISHED. */
  requestCancel(id: RunId, projectId: ProjectId): Promise<RunView>;
  /** Fail a run that nobody holds any more, such as one whose job ran out of attempts. Null when it has ended. */
  markFailed(id: RunId, error: string): Promise<RunView | null>;
  recordIncident(id: RunId, incident: Omit<RunIncident, "at">): Promise<RunIncident>;
  /** Free the runs that a dead worker held, so that they can be claimed at once. */
  releaseLeasesOf(worker: string): Promise<RunId[]>;
}

/**
 * What the worker that holds a run writes.
 *
 * Every write compares the lease's token with the row's and throws
 * RUN_STATUS_CHANGED when another worker has taken over since.
 */
export interface RunProgress {
  /**
   * Take a queued run, or one whose holder is silent, and move it to caching_features.
   * Null when the run has ended or is held by a worker that is alive.
   */
  claim(id: RunId, worker: string, staleAfterMs?: number): Promise<ClaimedRun | null>;
  /** Say that the holder lives, and hear whether it still holds the run and should go on. */
  heartbeat(lease: RunLease): Promise<{ isHeld: boolean; isCancelRequested: boolean }>;
  /** Move along RUN_TRANSITIONS, or within a stage. */
  move(lease: RunLease, stage: RunStage): Promise<RunView>;
  /** Write points (again gives the same rows) and what the newest says about speed and time left. */
  recordPoints(lease: RunLease, points: readonly RunPoint[], rates: RunRates): Promise<void>;
  recordProbe(lease: RunLease, probe: NewProbe): Promise<void>;
  recordFacts(lease: RunLease, facts: RunFacts): Promise<void>;
  recordCheckpoint(lease: RunLease, step: number): Promise<void>;
  /** Drop what came after a checkpoint, so that the resumed curve has no double and no gap. */
  rewindTo(lease: RunLease, step: number): Promise<void>;
  /** Leave the run to whoever claims it next, who goes on from its checkpoint. */
  release(lease: RunLease): Promise<void>;
  finish(lease: RunLease, end: RunEnd): Promise<RunView>;
}
