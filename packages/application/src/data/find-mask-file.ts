import type { MaskId } from "@loupe/contracts";

import { fileUseCase } from "../use-case/file-use-case.ts";

/** The stored file of one revision of an image's mask. */
export const findMaskFile = fileUseCase("data:read", (db, { maskId }: { maskId: MaskId }) =>
  db.masks.requireFile(maskId),
);
