import type {
  CaseId,
  CasePage,
  CaseRow,
  CaseView,
  CasesByIdInput,
  ContentHash,
  GiveVerdictInput,
  ImageId,
  InspectionId,
  ListCasesInput,
  ModelVersionId,
  PredictionId,
  ProjectId,
  ScopedCaseCounts,
  UserId,
  VerdictId,
  WithdrawVerdictInput,
} from "@loupe/contracts";

export type NewCase = {
  readonly imageId: ImageId;
  readonly predictionId: PredictionId;
  readonly category: string;
  readonly inspectionId?: InspectionId;
};

export type CaseScope = {
  readonly category: string;
  readonly inspectionId?: InspectionId | null;
};

/** A case that is not any more as it was, or not there any more, and where it counted. */
export type ChangedCase = CaseScope & { readonly id: CaseId };

export type RescoreQuestion = {
  /** What is asked for as long as it is the active version; of another one there is nothing to do. */
  readonly modelVersionId: ModelVersionId;
  /** The last case of the part before; null for the first. */
  readonly after: CaseId | null;
  readonly limit: number;
};

export type CaseToRescore = {
  readonly id: CaseId;
  readonly imageId: ImageId;
  readonly category: string;
  readonly sha256: ContentHash;
  readonly fileName: string;
};

export type NewVerdict = Omit<GiveVerdictInput, "overturnReason"> & {
  readonly authorId: UserId;
  readonly overturnReason?: string | null;
};

export type Withdrawal = WithdrawVerdictInput & { readonly authorId: UserId };
export type WithdrawnVerdict = { readonly id: VerdictId; readonly at: Date };

export interface CasesRepository {
  /**
   * Open a case for each image, or move its undecided case to the prediction.
   *
   * Moving raises the case's version; a decided case stays as it is, and one that the active version
   * has scored is moved by the active version alone.
   * @returns the cases that were opened or moved
   */
  openOrRefresh(projectId: ProjectId, rows: readonly NewCase[]): Promise<CaseId[]>;
  /** A part of the undecided cases that the active version has not scored yet, by id. */
  listToRescore(which: RescoreQuestion): Promise<CaseToRescore[]>;
  /**
   * One page of the queue. Cases stand by model version, the active one first, and among those of a
   * version the most anomalous first.
   */
  list(input: ListCasesInput): Promise<CasePage>;
  /** Those of these cases that the project has, in no particular order. */
  listByIds(input: CasesByIdInput): Promise<CaseRow[]>;
  require(id: CaseId, projectId: ProjectId): Promise<CaseView>;
  find(id: CaseId, projectId: ProjectId): Promise<CaseView | null>;
  /** The names that the project's images and verdicts use, by name. */
  defectTypes(projectId: ProjectId): Promise<string[]>;
}

export interface CasesInTransaction extends CasesRepository {
  /**
   * Give a verdict on the version of the case that the author saw.
   *
   * An outdated view is refused with CASE_CHANGED and `{ change: CaseChange }`, and a decided case
   * without a reason with OVERTURN_NEEDS_REASON and the same; one's own newest verdict may be
   * corrected for a short while without one.
   * The same idempotency key gives the case again, with `isNew: false` and no second row.
   */
  giveVerdict(verdict: NewVerdict): Promise<{ row: CaseRow; isNew: boolean }>;
  /**
   * The counts of every scope that one of these cases belongs to, for the event that tells of their change.
   *
   * Holds the project's counter from here on, as the event does: call it right before.
   */
  countScopes(projectId: ProjectId, cases: readonly CaseScope[]): Promise<ScopedCaseCounts[]>;
  /** Take one's own newest verdict back; UNDO_TOO_LATE after a while or when the case has changed. */
  withdrawVerdict(
    withdrawal: Withdrawal,
  ): Promise<{ row: CaseRow; withdrawn: WithdrawnVerdict | null }>;
}
