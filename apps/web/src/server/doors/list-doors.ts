import { IMPORT_LIMITS } from "@loupe/contracts";

import type { Door, DoorKind } from "./door.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

/** What a form weighs on top of its files: part headers with long paths. */
export const FORM_OVERHEAD_BYTES = 64 * MIB;
/** A verdict's note is the largest input; a batch holds a few dozen calls. */
export const MAX_TRPC_BYTES = 256 * KIB;
/** An e-mail address, a password, a name. */
export const MAX_AUTH_BYTES = 16 * KIB;
/** Joins and presence are a few hundred bytes. */
export const MAX_SOCKET_MESSAGE_BYTES = 16 * KIB;
/** Above what the routes allow, so that they can say in words what is too large. */
const MAX_UPLOAD_BYTES = IMPORT_LIMITS.archiveBytes + FORM_OVERHEAD_BYTES + MIB;

/**
 * Every door of the site. The first pattern that fits decides; what none fits
 * does not exist. A new `route.ts` needs its line here, which a test checks.
 */
const DOORS: readonly Door[] = [
  takes("/api/auth/[...all]", MAX_AUTH_BYTES),
  takes("/api/trpc/[trpc]", MAX_TRPC_BYTES),
  uploads("/api/projects/[projectId]/imports"),
  uploads("/api/projects/[projectId]/inspections"),
  reads("/api/health", "api"),
  reads("/api/images/[imageId]/original", "api"),
  reads("/api/images/[imageId]/thumbnail", "api"),
  reads("/api/masks/[maskId]", "api"),
  reads("/api/models/[modelVersionId]/file", "api"),
  reads("/api/predictions/[predictionId]/map", "api"),
  reads("/api/runs/[runId]/probes/[imageId]/[step]", "api"),
  reads("/api/v1/projects", "api"),
  { ...takes("/socket.io/[[...all]]", MAX_SOCKET_MESSAGE_BYTES), kind: "sockets" },
  reads("/_next/[...all]", "asset"),
  reads("/[[...all]]", "page"),
];

/** Next's error overlay reports to the development server; it goes before the pages. */
const DEVELOPMENT_DOORS: readonly Door[] = [takes("/__nextjs[name]", MIB)];

export function listDoors({ isDevelopment }: { isDevelopment: boolean }): readonly Door[] {
  return isDevelopment ? [...DEVELOPMENT_DOORS, ...DOORS] : DOORS;
}

function reads(path: string, kind: DoorKind): Door {
  return { path, kind, methods: ["GET"], maxBodyBytes: 0, isStreamed: false };
}

function takes(path: string, maxBodyBytes: number): Door {
  return { path, kind: "api", methods: ["GET", "POST"], maxBodyBytes, isStreamed: false };
}

function uploads(path: string): Door {
  const maxBodyBytes = MAX_UPLOAD_BYTES;
  return { path, kind: "api", methods: ["POST"], maxBodyBytes, isStreamed: true };
}
