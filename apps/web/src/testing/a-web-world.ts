import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  type CaseRow,
  type DatasetVersionView,
  encodeAnomalyMap,
  type ImageId,
  type ImportView,
  type InspectionView,
  type MaskId,
  type ModelVersionView,
  type PredictionId,
  type ProjectId,
  type Role,
  ROLES,
  type RunId,
  type UserId,
} from "@loupe/contracts";
import type { Database } from "@loupe/db";
import {
  aCalibration,
  aCase,
  anImage,
  anOrganisation,
  aPerson,
  aProject,
  type World,
} from "@loupe/db/testing";
import {
  createLogger,
  openFileBlobStore,
  PictureGate,
  StorageWatch,
  type Logger,
} from "@loupe/platform";
import { makeSignature } from "better-auth/crypto";
import sharp from "sharp";

import { createAuth } from "../server/auth.ts";
import { listDemoSignIns } from "../server/list-demo-sign-ins.ts";
import { listTrustedOrigins } from "../server/list-trusted-origins.ts";
import { GuessLimiter } from "../server/sign-in/guess-limiter.ts";
import { provideServices, type WebServices } from "../server/services.ts";

/** The address under which tests reach the site, and thus the origin of its pages. */
export const SITE = "http://localhost:3000";

/** Someone who calls: their cookie, or none. */
export type Caller = {
  readonly name: string;
  readonly userId: UserId | null;
  readonly cookie: string;
};

export type Tenant = World & { readonly callers: Readonly<Record<Role, Caller>> };

/** Two organisations, people of every role, and the services that serve them. */
export type WebWorld = {
  readonly services: WebServices;
  readonly db: Database;
  readonly home: Tenant;
  readonly elsewhere: Tenant;
  /** Signed in, member of nothing. */
  readonly loner: Caller;
  readonly anonymous: Caller;
  /** Where the files of the blob store lie, for tests of what is left there. */
  readonly blobFolder: string;
  close(): Promise<void>;
};

type WorldOptions = {
  /** The clock by which attempts at passwords are counted. */
  readonly now?: () => number;
  readonly logger?: Logger;
};

/** Make the world in a database and provide its services to the routes of this process. */
export async function aWebWorld(
  db: Database,
  { now = Date.now, logger = createLogger("web-test", { level: "silent" }) }: WorldOptions = {},
): Promise<WebWorld> {
  const folder = await mkdtemp(join(tmpdir(), "loupe-web-"));
  const blobFolder = join(folder, "blobs");
  const trustedOrigins = listTrustedOrigins(SITE, []);
  const services: WebServices = {
    db,
    logger,
    trustedOrigins,
    guesses: new GuessLimiter(5, now),
    blobs: await openFileBlobStore(blobFolder),
    pictures: new PictureGate(),
    auth: createAuth({
      db,
      logger,
      trustedOrigins,
      secret: randomUUID(),
      baseUrl: SITE,
    }),
    cacheFolder: join(folder, "cache"),
    storage: new StorageWatch(folder),
    listDemoSignIns: () => listDemoSignIns(db),
  };
  provideServices(services);
  const strangerOrganisation = await anOrganisation(db);
  const lonerId = await aPerson(db, { organisationId: strangerOrganisation, role: "viewer" });
  await db.pool.query('delete from member where "userId" = $1', [lonerId]);
  return {
    services,
    db,
    home: await aTenant(services),
    elsewhere: await aTenant(services),
    loner: await signIn(services, lonerId, "signed in without organisation"),
    anonymous: { name: "not signed in", userId: null, cookie: "" },
    blobFolder,
    close: async () => {
      provideServices(null);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function aTenant(services: WebServices): Promise<Tenant> {
  const { db } = services;
  const organisationId = await anOrganisation(db);
  const people = await Promise.all(
    ROLES.map(async (role) => {
      const userId = await aPerson(db, { organisationId, role });
      return [role, await signIn(services, userId, role)] as const;
    }),
  );
  const callers = Object.fromEntries(people) as Record<Role, Caller>;
  const engineer = callers.engineer.userId!;
  const project = await aProject(db, { organisationId, createdById: engineer });
  const reviewer = callers.reviewer.userId!;
  return { organisationId, engineer, reviewer, project, projectId: project.id, callers };
}

/** A session of a person, as their browser's cookie; the password is left out, as hashing is slow. */
export async function signIn(services: WebServices, userId: UserId, name: string): Promise<Caller> {
  const { internalAdapter, authCookies, secret } = await services.auth.$context;
  const { token } = await internalAdapter.createSession(userId);
  const value = encodeURIComponent(`${token}.${await makeSignature(token, secret)}`);
  return { name, userId, cookie: `${authCookies.sessionToken.name}=${value}` };
}

/** A small real picture that no other call gives. */
export async function aPicture(format: "png" | "jpeg" | "webp" = "png"): Promise<Buffer> {
  const noise = Uint8Array.from({ length: 48 * 32 * 3 }, () => Math.floor(Math.random() * 256));
  return sharp(noise, { raw: { width: 48, height: 32, channels: 3 } })
    .toFormat(format)
    .toBuffer();
}

/** One of everything that has an address, with its files in the blob store. */
export type Content = {
  readonly imageId: ImageId;
  readonly maskId: MaskId;
  readonly datasetVersion: DatasetVersionView;
  readonly import: ImportView;
  readonly runId: RunId;
  readonly probeStep: number;
  readonly model: ModelVersionView;
  readonly predictionId: PredictionId;
  readonly case: CaseRow;
  readonly inspection: InspectionView;
};

/** Fill a tenant's project. */
export async function fillProject(services: WebServices, tenant: Tenant): Promise<Content> {
  const { db, blobs } = services;
  const { projectId, engineer } = tenant;
  const picture = await blobs.putBytes(await aPicture());
  const map = await blobs.putBytes(
    encodeAnomalyMap({ width: 2, height: 2, values: Float32Array.of(0, 1, 2, Math.random()) }),
  );
  await anImage(db, { projectId });
  const image = await anImage(db, {
    projectId,
    sha256: picture,
    split: "test",
    label: "defective",
    defectType: "scratch",
  });
  const mask = await db.masks.create({
    imageId: image.id,
    sha256: await blobs.putBytes(await aPicture()),
  });
  const { version } = await db.datasets.freeze({ projectId, createdById: engineer });
  const { run } = await db.runs.create({
    projectId,
    createdById: engineer,
    datasetVersionId: version.id,
    method: "rd",
    encoder: "resnet18",
    steps: 100,
    batch: 4,
    seed: 1,
    provider: "cpu",
    settings: {},
    idempotencyKey: randomUUID(),
  });
  const lease = (await db.runs.claim(run.id, "worker-1"))!.lease;
  await db.runs.move(lease, { status: "training", stageDone: 0, stageTotal: 100 });
  await db.runs.recordProbe(lease, { imageId: image.id, step: 20, score: 0.5, mapKey: map });
  await db.runs.move(lease, { status: "evaluating", stageDone: 0, stageTotal: 1 });
  const { model } = await db.models.create({
    runId: run.id,
    sha256: await blobs.putBytes(Buffer.from(`model ${randomUUID()}`)),
    sizeBytes: 42,
    calibration: aCalibration(),
    categoryCalibrations: {},
    provider: "cpu",
    trainSeconds: 12,
  });
  await db.runs.finish(lease, { status: "succeeded" });
  const opened = await aCase(db, tenant, { model, imageId: image.id });
  const predictionId = await db.predictions.upsert({
    modelVersionId: model.id,
    imageId: image.id,
    score: 0.5,
    mapKey: map,
  });
  return {
    imageId: image.id,
    maskId: mask.id,
    datasetVersion: version,
    runId: run.id,
    probeStep: 20,
    model,
    predictionId,
    case: opened,
    import: await anImport(db, projectId, engineer),
    inspection: await db.inspections.create({
      projectId,
      modelVersionId: model.id,
      createdById: engineer,
    }),
  };
}

function anImport(db: Database, projectId: ProjectId, createdById: UserId): Promise<ImportView> {
  return db.imports.create({
    projectId,
    createdById,
    fileName: "parts.zip",
    sizeBytes: 10,
    uploadKey: randomUUID(),
  });
}
