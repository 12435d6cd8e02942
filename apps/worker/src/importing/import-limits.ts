import { IMPORT_LIMITS } from "@loupe/contracts";

/** The limits of one import. Tests pass smaller ones than `IMPORT_LIMITS`. */
export type ImportLimits = { readonly [K in keyof typeof IMPORT_LIMITS]: number };

/** What an import allows unless a test says otherwise. */
export const DEFAULT_IMPORT_LIMITS: ImportLimits = IMPORT_LIMITS;
