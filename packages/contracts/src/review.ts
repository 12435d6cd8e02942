import { z } from "zod";

import {
  CaseId,
  ImageId,
  InspectionId,
  MaskId,
  ModelVersionId,
  PredictionId,
  ProjectId,
  UserId,
  VerdictId,
} from "./ids.ts";
import { DisplayScale } from "./model.ts";
import { SiteName } from "./site.ts";
import { KnownName, Note, plainText } from "./text.ts";

/** What PostgreSQL's integers hold. */
const LARGEST_VERSION = 2 ** 31 - 1;

/** The rank of cases that the active model version has scored; those of another have its number. */
export const ACTIVE_MODEL_RANK = 2 ** 31 - 1;

export const CaseState = z.enum(["open", "in_review", "decided"]);
export type CaseState = z.infer<typeof CaseState>;

export const VerdictValue = z.enum(["good", "defective", "unsure"]);
export type VerdictValue = z.infer<typeof VerdictValue>;

/** The state of a case after a verdict, under the `single` policy: one verdict decides, unsure passes it on. */
export function stateAfterVerdict(value: VerdictValue): CaseState {
  return value === "unsure" ? "in_review" : "decided";
}

export const DEFECT_TYPE_LENGTH = 60;

export const DefectType = plainText({
  longest: DEFECT_TYPE_LENGTH,
  whenEmpty: "Expected a defect type, got nothing. Write one.",
}).regex(/^[\p{L}\p{N}][\p{L}\p{M}\p{N} _\-./]*$/u, "Letters, digits, space and - _ . / only");

/** Why someone overturns a decision: a word at least, so that its author can follow it. */
export const OverturnReason = Note.min(
  3,
  "Expected a reason of at least three characters. Say why the decision is wrong.",
);

/** How long people may take back their own verdict, and correct it without giving a reason. */
export const UNDO_WINDOW_MS = 10_000;

/**
 * One person's vote. `seenVersion` is the case's version that their screen
 * showed; a verdict on an older one is refused with what changed.
 */
export const GiveVerdictInput = z
  .strictObject({
    projectId: ProjectId,
    caseId: CaseId,
    value: VerdictValue,
    defectType: DefectType.nullable().default(null),
    note: Note.default(""),
    seenVersion: z.int().min(0).max(LARGEST_VERSION),
    idempotencyKey: z.uuid(),
    /** Why a decision is overturned; needed when the case is decided. */
    overturnReason: OverturnReason.nullable().default(null),
  })
  .refine((verdict) => verdict.value !== "defective" || verdict.defectType !== null, {
    message: "A defective verdict names a defect type",
    path: ["defectType"],
  });
export type GiveVerdictInput = z.infer<typeof GiveVerdictInput>;

/** Take back one's own verdict, which the key it was given with names. */
export const WithdrawVerdictInput = z.strictObject({
  projectId: ProjectId,
  caseId: CaseId,
  idempotencyKey: z.uuid(),
});
export type WithdrawVerdictInput = z.infer<typeof WithdrawVerdictInput>;

export const VerdictView = z.object({
  id: VerdictId,
  value: VerdictValue,
  defectType: z.string().nullable(),
  note: z.string(),
  /** Name and site are those of the time of the verdict; no site for someone who had none. */
  author: z.object({ id: UserId, name: z.string(), site: SiteName.nullable().default(null) }),
  modelVersionNumber: z.int(),
  seenVersion: z.int(),
  createdAt: z.date(),
  /** Given when the verdict overturned a decision. */
  overturnReason: z.string().nullable().default(null),
  /** When its author took it back; it counts no more, and stays in the history. */
  withdrawnAt: z.date().nullable().default(null),
});
export type VerdictView = z.infer<typeof VerdictView>;

/** A row of the queue. */
export const CaseRow = z.object({
  id: CaseId,
  imageId: ImageId,
  predictionId: PredictionId,
  modelVersionId: ModelVersionId,
  modelVersionNumber: z.int(),
  /**
   * Scores of two model versions cannot be held against each other, so cases stand by version: those
   * of the active one (`ACTIVE_MODEL_RANK`) first, then by falling number.
   */
  modelRank: z.int(),
  inspectionId: InspectionId.nullable(),
  fileName: z.string(),
  category: z.string(),
  /** The model's score as it gives it: comparable within a model version. */
  score: z.number(),
  /** The score in deviations above the mean of the category's good training images: what the queue is ordered by. */
  standardScore: z.number(),
  state: CaseState,
  version: z.int(),
  /** The newest verdict of anyone that was not withdrawn, which under the `single` policy is the one that counts. */
  verdict: VerdictView.nullable(),
});
export type CaseRow = z.infer<typeof CaseRow>;

export const CaseView = CaseRow.extend({
  image: z.object({ width: z.int(), height: z.int() }),
  truth: z.object({
    label: z.enum(["good", "defective", "unknown"]),
    defectType: z.string().nullable(),
    maskId: MaskId.nullable(),
  }),
  model: z.object({
    id: ModelVersionId,
    number: z.int(),
    method: z.string(),
    encoder: z.string(),
    scale: DisplayScale,
    /** Whether the scale is that of the case's category, not of all. */
    isCategoryScale: z.boolean(),
  }),
  verdicts: z.array(VerdictView),
});
export type CaseView = z.infer<typeof CaseView>;

export const ListCasesInput = z.strictObject({
  projectId: ProjectId,
  state: z.enum(["undecided", "decided", "all"]).default("undecided"),
  category: KnownName.optional(),
  inspectionId: InspectionId.optional(),
  cursor: z
    .object({
      modelRank: z.int().min(0).max(ACTIVE_MODEL_RANK),
      standardScore: z.number(),
      id: CaseId,
    })
    .optional(),
  limit: z.int().min(1).max(500).default(200),
});
export type ListCasesInput = z.infer<typeof ListCasesInput>;

/** Most cases that an event names, and that are read by id at once. */
export const NAMED_CASES = 100;

/** Cases that somebody has been told of; those that are gone are left out of the answer. */
export const CasesByIdInput = z.strictObject({
  projectId: ProjectId,
  caseIds: z.array(CaseId).min(1).max(NAMED_CASES),
});
export type CasesByIdInput = z.infer<typeof CasesByIdInput>;

export const CaseCounts = z.object({ open: z.int(), inReview: z.int(), decided: z.int() });
export type CaseCounts = z.infer<typeof CaseCounts>;

/** One page of the queue, and the counts under the same category and inspection. */
export type CasePage = {
  rows: CaseRow[];
  nextCursor: NonNullable<ListCasesInput["cursor"]> | null;
  counts: CaseCounts;
  /** The project's newest event when the counts were read: later ones bring newer counts. */
  countsSequence: number;
};

/** Counts of the cases of a category and of an inspection; null: of all of them. */
export const ScopedCaseCounts = z.object({
  category: z.string().nullable(),
  inspectionId: InspectionId.nullable(),
  counts: CaseCounts,
});
export type ScopedCaseCounts = z.infer<typeof ScopedCaseCounts>;

/** What `CASE_CHANGED` and `OVERTURN_NEEDS_REASON` carry in their details, so that the screen can say what there is now. */
export const CaseChange = z.object({
  currentVersion: z.int(),
  state: CaseState,
  verdict: VerdictView.nullable(),
  score: z.number(),
});
export type CaseChange = z.infer<typeof CaseChange>;

export const INSPECTION_STATUSES = [
  "uploading",
  "queued",
  "scoring",
  "succeeded",
  "failed",
  "cancelled",
] as const;
export const InspectionStatus = z.enum(INSPECTION_STATUSES);
export type InspectionStatus = z.infer<typeof InspectionStatus>;

/** True when nothing more will happen to the inspection. */
export function isFinalInspectionStatus(status: InspectionStatus): boolean {
  return status === "succeeded" || status === "failed" || status === "cancelled";
}

export const InspectionView = z.object({
  id: InspectionId,
  number: z.int(),
  name: z.string(),
  status: InspectionStatus,
  model: z.object({ id: ModelVersionId, number: z.int() }),
  imagesDone: z.int(),
  imagesTotal: z.int(),
  /** One sentence: why it failed, or what a cancelled one left. */
  error: z.string().nullable(),
  createdBy: z.string(),
  /** Where that person worked when it began; null without a site. */
  site: z.string().nullable(),
  createdAt: z.date(),
  finishedAt: z.date().nullable(),
});
export type InspectionView = z.infer<typeof InspectionView>;
