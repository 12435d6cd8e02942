import type { MethodName } from "./methods.ts";

/**
 * One row of a comparison: a method with some of its settings.
 *
 * What a method wants of the encoder (which blocks, which space) and the plug-in of a host are
 * settings of the method like any other.
 */
export type AblationRow = {
  /** How the row is chosen on the command line, such as `i` or `delta-2.5`; no comma or space. */
  readonly name: string;
  /** What the row switches on or changes, in a few words. */
  readonly title: string;
  readonly method: MethodName;
  /** What differs from the method's defaults; the caller's own settings are put over them. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** One model for each category instead of one for all of them. */
  readonly oneClass?: boolean;
  /**
   * What the paper reports for this row, as shares of 1 by metric (`iAuroc`, `pAuroc`, `aupro`),
   * on the paper's own data; null when it reports nothing.
   */
  readonly paper: Readonly<Record<string, number>> | null;
};

/** Rows that are trained alike and shown in one table; the first is what the others are held to. */
export type AblationTable = {
  readonly name: string;
  readonly title: string;
  /** What the paper's numbers were measured on and with; null without such numbers. */
  readonly paper: string | null;
  readonly rows: readonly AblationRow[];
};
