import {
  AppError,
  type DatasetVersionView,
  EncoderName,
  type StartRunInput,
  type StartRunsInput,
  type WorkerView,
} from "@loupe/contracts";
import {
  METHOD_NAMES,
  type MethodName,
  parseSettings,
  PRESET_NAMES,
  type PresetName,
  SettingsError,
} from "@loupe/model/catalog";

import type { ProjectScene } from "../use-case/project-use-case.ts";
import { listAliveWorkers } from "./list-workers.ts";

/** What a run is started with, once everything has been checked. */
export type CheckedPlan = {
  readonly version: DatasetVersionView;
  /** All settings of the method. */
  readonly settings: StartRunInput["settings"];
};

/**
 * Check what a person chose against the dataset, the catalogue and the workers.
 *
 * While no worker is alive, encoder and provider cannot be judged: the run is
 * queued and its worker decides. Throws BAD_INPUT (which names the setting that is unknown or out
 * of range), NOT_FOUND, DATASET_HAS_NO_GOOD_IMAGES or ENCODER_MISSING.
 */
export async function checkRunPlan(
  { db, projectId }: ProjectScene,
  input: StartRunsInput,
): Promise<CheckedPlan> {
  const settings = readSettings(input);
  const version = await db.datasets.require(input.datasetVersionId, projectId);
  if (version.trainImages === 0) {
    throw new AppError(
      "DATASET_HAS_NO_GOOD_IMAGES",
      `Training needs good images in the train split, and ${version.name} has none.`,
      { datasetVersionId: version.id },
    );
  }
  requireOffered(input, await listAliveWorkers(db));
  return { version, settings };
}

function readSettings(input: StartRunsInput): StartRunInput["settings"] {
  const method = requireMethod(input.method);
  const preset = requirePreset(input.preset);
  try {
    const settings = parseSettings(method, { preset, settings: input.settings });
    // Parsed values are those of JSON; their type is wider, since the catalogue does not say so.
    return settings as StartRunInput["settings"];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    throw new AppError("BAD_INPUT", error.message, { setting: error.setting });
  }
}

function requirePreset(name: string): PresetName {
  const preset = PRESET_NAMES.find((known) => known === name);
  if (preset === undefined) {
    throw new AppError(
      "BAD_INPUT",
      `Expected one of the presets ${PRESET_NAMES.join(", ")}, got ${JSON.stringify(name)}.`,
    );
  }
  return preset;
}

function requireMethod(name: string): MethodName {
  const method = METHOD_NAMES.find((known) => known === name);
  if (method === undefined) {
    throw new AppError(
      "BAD_INPUT",
      `Expected one of the methods ${METHOD_NAMES.join(", ")}, got ${JSON.stringify(name)}.`,
    );
  }
  return method;
}

function requireOffered(input: StartRunsInput, workers: readonly WorkerView[]): void {
  // A path would reach into the disk of the worker that looks it up.
  if (!EncoderName.safeParse(input.encoder).success) {
    throw new AppError(
      "BAD_INPUT",
      `Expected an encoder's name, got ${JSON.stringify(input.encoder)}. Choose one from the list.`,
    );
  }
  if (workers.length === 0) return;

  const encoders = new Set(workers.flatMap((worker) => worker.encoders.map(({ name }) => name)));
  if (!encoders.has(input.encoder)) {
    const found = encoders.size === 0 ? "none" : [...encoders].sort().join(", ");
    throw new AppError(
      "ENCODER_MISSING",
      `No worker has the encoder ${input.encoder}; they have ${found}.`,
      { encoder: input.encoder },
    );
  }
  const providers = new Set(workers.flatMap((worker) => worker.providers));
  if (!providers.has(input.provider)) {
    throw new AppError(
      "BAD_INPUT",
      `No worker offers the provider ${input.provider}; they offer ${[...providers].join(", ")}.`,
    );
  }
}
