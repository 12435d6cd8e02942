import type { ImageId, ImageView, ListImagesInput } from "@loupe/contracts";

import type { ProjectContext } from "../../../server/project-context.ts";

/** One page of a project's images. */
export function listImages(
  ctx: ProjectContext,
  input: ListImagesInput,
): Promise<{ rows: ImageView[]; nextCursor: ImageId | null }> {
  return ctx.db.images.list(input);
}
