import type { StorageWatch } from "@loupe/platform";

import type { Caller } from "../actor/caller.ts";
import { enterOrganisation } from "../actor/enter-organisation.ts";
import type { Ports } from "../use-case/ports.ts";

/** Room on the disk of this Loupe; nothing of where it lies. */
export type StorageView = { readonly isLow: boolean; readonly freeBytes: number };

type StoragePorts = Pick<Ports, "db"> & { readonly storage: Pick<StorageWatch, "look"> };

const action = "data:write" as const;

/**
 * Whether the disk is about to be full, for those whose uploads and trainings need room; null when it
 * cannot be asked. Throws FORBIDDEN.
 */
export const readStorage = Object.assign(
  async (caller: Caller, { db, storage }: StoragePorts): Promise<StorageView | null> => {
    await enterOrganisation(caller, db, action);
    const state = await storage.look();
    return state === null ? null : { isLow: state.isLow, freeBytes: state.freeBytes };
  },
  { scope: "organisation", action } as const,
);
