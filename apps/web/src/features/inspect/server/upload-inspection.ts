import { admitInspection, submitInspection } from "@loupe/application";
import { AppError, KnownName, ModelVersionId, Title, type ProjectId } from "@loupe/contracts";
import { z } from "zod";

import { callerOf } from "../../../server/caller-of.ts";
import type { RestCall } from "../../../server/rest.ts";
import { receiveImages } from "./receive-images.ts";

const InspectionFields = z.object({
  /** Left out: the project's active version. */
  modelVersionId: ModelVersionId.optional(),
  name: Title.optional(),
  /** One that the model knows; may be left out when it knows just one. */
  category: KnownName.optional(),
});

/**
 * Take new images and let a worker score them.
 *
 * All files are received first, so an upload that breaks off leaves no half inspection. One that is
 * refused, also because its author has lost access since it began, leaves no files either.
 */
export async function uploadInspection(
  call: RestCall<{ projectId: ProjectId }>,
): Promise<Response> {
  const { services, params } = call;
  const { blobs, pictures } = services;
  const caller = callerOf(call.signIn);
  await admitInspection(caller, services, params);
  const staged = blobs.stage();
  try {
    const received = await receiveImages(call.request, { blobs: staged, pictures });
    const { images, fields, refused } = received;
    if (images.length === 0) {
      throw new AppError(
        "BAD_INPUT",
        refused[0]?.reason ?? "Expected at least one image, got a form without files.",
        { refused },
      );
    }
    const wanted = InspectionFields.parse(Object.fromEntries(fields));
    const inspection = await submitInspection(caller, services, {
      ...params,
      ...wanted,
      images,
      staged,
    });
    return Response.json({ inspection, refused }, { status: 201 });
  } finally {
    await staged.discard();
  }
}
