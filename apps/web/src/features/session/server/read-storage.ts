import type { WebServices } from "../../../server/services.ts";

/** Room on the disk of this Loupe; nothing of where it lies. */
export type StorageView = { readonly isLow: boolean; readonly freeBytes: number };

/** Whether the disk is about to be full; null when it cannot be asked. */
export async function readStorage({
  storage,
}: Pick<WebServices, "storage">): Promise<StorageView | null> {
  const state = await storage.look();
  return state === null ? null : { isLow: state.isLow, freeBytes: state.freeBytes };
}
