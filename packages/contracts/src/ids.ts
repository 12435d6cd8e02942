import { z } from "zod";

/** An id in the one spelling that rows, rooms and addresses use: a UUID may also be written in capitals. */
const Uuid = z.uuid().toLowerCase();

/** Branded identifiers: a run id can never be passed where a case id is wanted. */
export const OrganisationId = z.string().min(1).brand<"OrganisationId">();
export type OrganisationId = z.infer<typeof OrganisationId>;

export const UserId = z.string().min(1).brand<"UserId">();
export type UserId = z.infer<typeof UserId>;

export const ProjectId = Uuid.brand<"ProjectId">();
export type ProjectId = z.infer<typeof ProjectId>;

export const ImageId = Uuid.brand<"ImageId">();
export type ImageId = z.infer<typeof ImageId>;

export const MaskId = Uuid.brand<"MaskId">();
export type MaskId = z.infer<typeof MaskId>;

export const ImportId = Uuid.brand<"ImportId">();
export type ImportId = z.infer<typeof ImportId>;

export const DatasetVersionId = Uuid.brand<"DatasetVersionId">();
export type DatasetVersionId = z.infer<typeof DatasetVersionId>;

export const FreezeId = Uuid.brand<"FreezeId">();
export type FreezeId = z.infer<typeof FreezeId>;

export const RunId = Uuid.brand<"RunId">();
export type RunId = z.infer<typeof RunId>;

export const DemoWorldId = Uuid.brand<"DemoWorldId">();
export type DemoWorldId = z.infer<typeof DemoWorldId>;

export const EncoderPullId = Uuid.brand<"EncoderPullId">();
export type EncoderPullId = z.infer<typeof EncoderPullId>;

export const ModelVersionId = Uuid.brand<"ModelVersionId">();
export type ModelVersionId = z.infer<typeof ModelVersionId>;

export const EvaluationId = Uuid.brand<"EvaluationId">();
export type EvaluationId = z.infer<typeof EvaluationId>;

export const InspectionId = Uuid.brand<"InspectionId">();
export type InspectionId = z.infer<typeof InspectionId>;

export const PredictionId = Uuid.brand<"PredictionId">();
export type PredictionId = z.infer<typeof PredictionId>;

export const CaseId = Uuid.brand<"CaseId">();
export type CaseId = z.infer<typeof CaseId>;

export const VerdictId = Uuid.brand<"VerdictId">();
export type VerdictId = z.infer<typeof VerdictId>;

/** SHA-256 of some content, lower-case hexadecimal: the key of a blob. */
export const ContentHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/, "Expected 64 lower-case hexadecimal digits")
  .brand<"ContentHash">();
export type ContentHash = z.infer<typeof ContentHash>;
