import type { ComputeProvider, DatasetVersionView } from "@loupe/contracts";
import {
  type MethodName,
  METHODS,
  parseSettings,
  type PresetName,
  presetRun,
  RUN_DEFAULTS,
} from "@loupe/model/catalog";

import { describeSettings, type SettingField } from "../settings/describe-settings.ts";
import { readEdits, type ReadEdits, type SettingEdits } from "../settings/setting-edits.ts";

/** Which models come of it: one for all categories, one for each, or one for a single category. */
export type RunScope =
  { readonly kind: "all" | "each" } | { readonly kind: "one"; readonly category: string };

/** What a person has chosen so far. Null follows the preset. */
export type RunPlan = {
  readonly datasetVersionId: string;
  readonly scope: RunScope;
  readonly method: MethodName;
  readonly preset: PresetName;
  readonly encoder: string;
  readonly provider: ComputeProvider;
  readonly steps: string | null;
  readonly batch: string | null;
  readonly seed: string;
  readonly edits: SettingEdits;
};

/** The plan that a dialog opens with. */
export function firstPlan(datasetVersionId: string, encoder: string): RunPlan {
  return {
    datasetVersionId,
    scope: { kind: "all" },
    method: RUN_DEFAULTS.method,
    preset: "fast",
    encoder,
    provider: RUN_DEFAULTS.provider,
    steps: null,
    batch: null,
    seed: String(RUN_DEFAULTS.seed),
    edits: {},
  };
}

const NUMBERS = {
  steps: { label: "Steps", min: 1, max: 1_000_000 },
  batch: { label: "Batch size", min: 1, max: 256 },
  seed: { label: "Seed", min: 0, max: 2 ** 31 - 1 },
} as const;
export type NumberName = keyof typeof NUMBERS;

/** A plan read whole: what would be sent, and what is refused. */
export type ReadPlan = ReadEdits & {
  readonly fields: readonly SettingField[];
  /** The preset's settings in full. */
  readonly base: Readonly<Record<string, unknown>>;
  /** The settings of the run in full; those of the preset while an edit is refused. */
  readonly full: Readonly<Record<string, unknown>>;
  /** Training images of one run. */
  readonly images: number;
  readonly runs: number;
  readonly numbers: Readonly<Record<NumberName, { text: string; value: number }>>;
  readonly numberProblems: Readonly<Partial<Record<NumberName, string>>>;
  readonly isSound: boolean;
};

const fieldsOf = new Map<MethodName, SettingField[]>();

/** Fields of a method's settings; made once, since a schema never changes. */
function listMethodFields(method: MethodName): SettingField[] {
  const known = fieldsOf.get(method) ?? describeSettings(METHODS[method].settings);
  fieldsOf.set(method, known);
  return known;
}

/** Read a plan for a dataset version: the preset's numbers where the person left them open. */
export function readPlan(
  plan: RunPlan,
  version: Pick<DatasetVersionView, "trainImages" | "categories">,
): ReadPlan {
  const { method, preset, edits } = plan;
  const fields = listMethodFields(method);
  const read = readEdits({ method, preset, fields }, edits);
  const base = parseSettings(method, { preset });
  const hasProblems = Object.keys(read.problems).length > 0;
  const full = hasProblems ? base : parseSettings(method, { preset, settings: read.settings });

  const { scope } = plan;
  const categories = Math.max(1, version.categories.length);
  // Versions do not say how many images each category has; for an estimate an even share will do.
  const images =
    scope.kind === "all" ? version.trainImages : Math.ceil(version.trainImages / categories);
  const meant = presetRun(method, preset, images);
  const texts = {
    steps: plan.steps ?? String(meant.steps),
    batch: plan.batch ?? String(meant.batch),
    seed: plan.seed,
  };
  const numberProblems: Partial<Record<NumberName, string>> = {};
  const readNumber = (name: NumberName) => {
    const { min, max } = NUMBERS[name];
    const text = texts[name];
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (!Number.isInteger(value) || value < min || value > max) {
      const range = `${min.toLocaleString("en")} to ${max.toLocaleString("en")}`;
      numberProblems[name] = `A whole number from ${range}.`;
    }
    return { text, value };
  };
  const numbers = {
    steps: readNumber("steps"),
    batch: readNumber("batch"),
    seed: readNumber("seed"),
  };
  return {
    ...read,
    fields,
    base,
    full,
    images,
    runs: scope.kind === "each" ? version.categories.length : 1,
    numbers,
    numberProblems,
    isSound: !hasProblems && Object.keys(numberProblems).length === 0,
  };
}

/** What a number of the plan is called. */
export function numberLabel(name: NumberName): string {
  return NUMBERS[name].label;
}
