import type { ImageId } from "@loupe/contracts";

import { fileUseCase } from "../use-case/file-use-case.ts";

/** The stored file of an image. */
export const findImageFile = fileUseCase("data:read", (db, { imageId }: { imageId: ImageId }) =>
  db.images.requireFile(imageId),
);
