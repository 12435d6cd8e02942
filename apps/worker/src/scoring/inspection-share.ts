import type { ClaimedInspection, LeaseToken } from "@loupe/db";

/** What one worker does of an inspection, and the token under which it does so. */
export type InspectionShare = {
  readonly claimed: ClaimedInspection;
  readonly token: LeaseToken;
};
