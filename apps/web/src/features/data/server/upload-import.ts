import { admitImport, submitImport } from "@loupe/application";
import type { ProjectId } from "@loupe/contracts";

import { callerOf } from "../../../server/caller-of.ts";
import type { RestCall } from "../../../server/rest.ts";
import { receiveImport } from "./receive-import.ts";

/**
 * Take an uploaded archive or folder and let a worker import it.
 *
 * The role is checked before the first byte is read, and again at the end. An upload that does not
 * become an import is removed again.
 */
export async function uploadImport(call: RestCall<{ projectId: ProjectId }>): Promise<Response> {
  const { services, signIn, params } = call;
  const { blobs } = services;
  const caller = callerOf(signIn);
  await admitImport(caller, services, params);
  const received = await receiveImport(call.request, blobs);
  try {
    const view = await submitImport(caller, services, { ...params, ...received });
    return Response.json({ import: view }, { status: 201 });
  } catch (error) {
    await blobs.deleteUpload(received.uploadKey);
    throw error;
  }
}
