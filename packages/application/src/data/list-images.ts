import type { ImageId, ImageView, ListImagesInput } from "@loupe/contracts";

import { projectUseCase } from "../use-case/project-use-case.ts";

/** One page of a project's images. */
export const listImages = projectUseCase(
  "data:read",
  ({ db }, input: ListImagesInput): Promise<{ rows: ImageView[]; nextCursor: ImageId | null }> =>
    db.images.list(input),
);
