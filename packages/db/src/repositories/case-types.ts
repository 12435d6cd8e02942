import type {
  CaseCounts,
  CaseId,
  CaseRow,
  CaseView,
  GiveVerdictInput,
  ImageId,
  InspectionId,
  ListCasesInput,
  PredictionId,
  ProjectId,
  ScopedCaseCounts,
  UserId,
} from "@loupe/contracts";

export type NewCase = {
  readonly imageId: ImageId;
  readonly predictionId: PredictionId;
  readonly category: string;
  readonly score: number;
  readonly inspectionId?: InspectionId;
};

export type CaseScope = {
  readonly category: string;
  readonly inspectionId?: InspectionId | null;
};

export type NewVerdict = GiveVerdictInput & { readonly authorId: UserId };

export interface CasesRepository {
  /**
   * Open a case for each image, or move its undecided case to the newer prediction.
   *
   * Moving raises the case's version; a decided case stays as it is.
   * @returns how many cases were opened or moved
   */
  openOrRefresh(projectId: ProjectId, rows: readonly NewCase[]): Promise<number>;
  /** One page of the queue, most anomalous first, and the counts under the same category and inspection. */
  list(input: ListCasesInput): Promise<{
    rows: CaseRow[];
    nextCursor: NonNullable<ListCasesInput["cursor"]> | null;
    counts: CaseCounts;
    /** The project's newest event when the counts were read: later ones bring newer counts. */
    countsSequence: number;
  }>;
  require(id: CaseId, projectId: ProjectId): Promise<CaseView>;
  find(id: CaseId, projectId: ProjectId): Promise<CaseView | null>;
  /** The names that the project's images and verdicts use, by name. */
  defectTypes(projectId: ProjectId): Promise<string[]>;
}

export interface CasesInTransaction extends CasesRepository {
  /**
   * Give a verdict on the version of the case that the author saw.
   *
   * An outdated view is refused with CASE_CHANGED and `{ change: CaseChange }`.
   * The same idempotency key gives the case again, with `isNew: false` and no second row.
   */
  giveVerdict(verdict: NewVerdict): Promise<{ row: CaseRow; isNew: boolean }>;
  /**
   * The counts of every scope that one of these cases belongs to, for the event that tells of their change.
   *
   * Holds the project's counter from here on, as the event does: call it right before.
   */
  countScopes(projectId: ProjectId, cases: readonly CaseScope[]): Promise<ScopedCaseCounts[]>;
}
