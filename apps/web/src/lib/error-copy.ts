import type { ErrorCode } from "@loupe/contracts";

/** What each failure means for the person who met it, and what to do. Total on purpose. */
export const ERROR_COPY: Readonly<Record<ErrorCode, string>> = {
  UNAUTHENTICATED: "You are signed out. Sign in again; nothing that you typed is lost.",
  FORBIDDEN: "Your role does not allow this. Ask an owner of the organisation.",
  NOT_FOUND: "This does not exist, or it belongs to an organisation that you are not in.",
  FILE_MISSING: "The file is missing on the server. Its files have to be restored from a backup.",
  PICTURE_UNREADABLE: "The picture's file is damaged. Import it again.",
  BAD_INPUT: "Something in the form is not right. Check the marked fields.",
  TOO_LARGE: "This is larger than Loupe takes at once. Split it and try again.",
  TOO_MANY_REQUESTS: "That was too much at once. Wait until some of it has ended, then try again.",
  NAME_TAKEN: "This name is already in use. Choose another.",
  IMPORT_REFUSED: "The archive was refused, and nothing of it was kept.",
  DATASET_HAS_NO_GOOD_IMAGES: "Training needs good images. Import some first.",
  DATASET_IS_EMPTY: "There are no images to freeze. Import some first.",
  ENCODER_MISSING: "No worker has this encoder. Choose another, or install it on a worker.",
  ENCODER_UNKNOWN: "The catalogue has no encoder of this name to download.",
  RUN_ALREADY_FINISHED: "The run has already ended, so there is nothing to cancel.",
  RUN_STATUS_CHANGED: "The run has moved on meanwhile. Look again before you act.",
  IMPORT_ALREADY_FINISHED: "The import has already ended, so there is nothing to cancel.",
  INSPECTION_ALREADY_FINISHED: "The inspection has already ended, so there is nothing to cancel.",
  CASE_CHANGED: "The case changed after you had looked at it. Look again, then vote.",
  OVERTURN_NEEDS_REASON: "The case is decided. Say why you overturn the decision.",
  UNDO_TOO_LATE: "This verdict can no longer be taken back. Give a new one instead.",
  DEFECT_TYPE_MISSING: "Say which kind of defect it is.",
  MODEL_NOT_READY: "The model is not ready to score images yet.",
  STORAGE_FULL:
    "Loupe cannot write to its disk, so nothing was saved. Tell whoever looks after it; looking still works.",
  UNAVAILABLE: "The server cannot reach its database just now. It will go on by itself.",
};
