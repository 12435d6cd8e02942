import type {
  CaseId,
  CaseRow,
  CaseView,
  ImageId,
  InspectionId,
  MaskId,
  ModelVersionId,
  PredictionId,
  UserId,
  VerdictId,
  VerdictView,
} from "@loupe/contracts";

import type { Prisma } from "../../generated/client.ts";

const VERDICT_VIEW = {
  author: { select: { userId: true } },
  prediction: { select: { modelVersion: { select: { number: true } } } },
  withdrawal: { select: { createdAt: true } },
} as const satisfies Prisma.VerdictInclude;

/** What a row of the queue needs beside the case: its picture's name, model and newest verdict. */
export const CASE_ROW = {
  image: { select: { fileName: true } },
  prediction: { select: { modelVersionId: true, modelVersion: { select: { number: true } } } },
  verdicts: {
    where: { withdrawal: null },
    include: VERDICT_VIEW,
    orderBy: { seenVersion: "desc" },
    take: 1,
  },
} as const satisfies Prisma.CaseInclude;

/** What the viewer needs beside the case; all verdicts, newest first. */
export const CASE_VIEW = {
  image: {
    select: {
      fileName: true,
      width: true,
      height: true,
      label: true,
      defectType: true,
      masks: { select: { id: true }, orderBy: { revision: "desc" }, take: 1 },
    },
  },
  prediction: {
    select: {
      modelVersionId: true,
      modelVersion: {
        select: {
          number: true,
          method: true,
          encoder: true,
          scaleMin: true,
          scaleMax: true,
          scales: { select: { category: true, scaleMin: true, scaleMax: true } },
        },
      },
    },
  },
  verdicts: { include: VERDICT_VIEW, orderBy: { seenVersion: "desc" } },
} as const satisfies Prisma.CaseInclude;

type VerdictRow = Prisma.VerdictGetPayload<{ include: typeof VERDICT_VIEW }>;

export function caseRow(row: Prisma.CaseGetPayload<{ include: typeof CASE_ROW }>): CaseRow {
  const newest = row.verdicts.find(({ withdrawal }) => withdrawal === null);
  return {
    id: row.id as CaseId,
    imageId: row.imageId as ImageId,
    predictionId: row.predictionId as PredictionId,
    modelVersionId: row.prediction.modelVersionId as ModelVersionId,
    modelVersionNumber: row.prediction.modelVersion.number,
    modelRank: row.modelRank,
    inspectionId: row.inspectionId as InspectionId | null,
    fileName: row.image.fileName,
    category: row.category,
    score: row.score,
    standardScore: row.standardScore,
    state: row.state,
    version: row.version,
    verdict: newest === undefined ? null : verdictView(newest),
  };
}

export function caseView(row: Prisma.CaseGetPayload<{ include: typeof CASE_VIEW }>): CaseView {
  const { image } = row;
  const model = row.prediction.modelVersion;
  const own = model.scales.find(({ category }) => category === row.category);
  const { scaleMin: min, scaleMax: max } = own ?? model;
  return {
    ...caseRow(row),
    image: { width: image.width, height: image.height },
    truth: {
      label: image.label,
      defectType: image.defectType,
      maskId: (image.masks[0]?.id ?? null) as MaskId | null,
    },
    model: {
      id: row.prediction.modelVersionId as ModelVersionId,
      number: model.number,
      method: model.method,
      encoder: model.encoder,
      scale: { min, max },
      isCategoryScale: own !== undefined,
    },
    verdicts: row.verdicts.map(verdictView),
  };
}

function verdictView(row: VerdictRow): VerdictView {
  return {
    id: row.id as VerdictId,
    value: row.value,
    defectType: row.defectType,
    note: row.note,
    author: {
      id: (row.author.userId ?? row.authorId) as UserId,
      name: row.authorName,
      site: row.siteName,
    },
    modelVersionNumber: row.prediction.modelVersion.number,
    seenVersion: row.seenVersion,
    createdAt: row.createdAt,
    overturnReason: row.overturnReason,
    withdrawnAt: row.withdrawal?.createdAt ?? null,
  };
}
