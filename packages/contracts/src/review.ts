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

export const CaseState = z.enum(["open", "in_review", "decided"]);
export type CaseState = z.infer<typeof CaseState>;

export const VerdictValue = z.enum(["good", "defective", "unsure"]);
export type VerdictValue = z.infer<typeof VerdictValue>;

/** The state of a case after a verdict, under the `single` policy: one verdict decides, unsure passes it on. */
export function stateAfterVerdict(value: VerdictValue): CaseState {
  return value === "unsure" ? "in_review" : "decided";
}

export const DefectType = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} _\-./]*$/u, "Letters, digits, space and - _ . / only");

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
    note: z.string().trim().max(2000).default(""),
    seenVersion: z.int().min(0),
    idempotencyKey: z.uuid(),
  })
  .refine((verdict) => verdict.value !== "defective" || verdict.defectType !== null, {
    message: "A defective verdict names a defect type",
    path: ["defectType"],
  });
export type GiveVerdictInput = z.infer<typeof GiveVerdictInput>;

export const VerdictView = z.object({
  id: VerdictId,
  value: VerdictValue,
  defectType: z.string().nullable(),
  note: z.string(),
  /** The site is where the author works now; null for someone without a site. */
  author: z.object({ id: UserId, name: z.string(), site: SiteName.nullable().default(null) }),
  modelVersionNumber: z.int(),
  seenVersion: z.int(),
  createdAt: z.date(),
});
export type VerdictView = z.infer<typeof VerdictView>;

/** A row of the queue. */
export const CaseRow = z.object({
  id: CaseId,
  imageId: ImageId,
  predictionId: PredictionId,
  modelVersionId: ModelVersionId,
  inspectionId: InspectionId.nullable(),
  fileName: z.string(),
  category: z.string(),
  /** The model's score as it gives it: comparable within a model version. */
  score: z.number(),
  /** The score in deviations above the mean of the category's good training images: what the queue is ordered by. */
  standardScore: z.number(),
  state: CaseState,
  version: z.int(),
  /** The newest verdict of anyone, which under the `single` policy is the one that counts. */
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
  category: z.string().optional(),
  inspectionId: InspectionId.optional(),
  cursor: z.object({ standardScore: z.number(), id: CaseId }).optional(),
  limit: z.int().min(1).max(500).default(200),
});
export type ListCasesInput = z.infer<typeof ListCasesInput>;

export const CaseCounts = z.object({ open: z.int(), inReview: z.int(), decided: z.int() });
export type CaseCounts = z.infer<typeof CaseCounts>;

/** Counts of the cases of a category and of an inspection; null: of all of them. */
export const ScopedCaseCounts = z.object({
  category: z.string().nullable(),
  inspectionId: InspectionId.nullable(),
  counts: CaseCounts,
});
export type ScopedCaseCounts = z.infer<typeof ScopedCaseCounts>;

/** What the refusal `CASE_CHANGED` carries in its details, so that the screen can say what changed. */
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
  createdAt: z.date(),
  finishedAt: z.date().nullable(),
});
export type InspectionView = z.infer<typeof InspectionView>;
