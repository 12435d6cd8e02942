import { METHOD_NAMES, parseSettings, PRESET_NAMES } from "@loupe/model/catalog";

import { nameToLabel } from "./describe-settings.ts";
import { type SettingsTree, valueAt } from "./setting-edits.ts";
import { showSetting } from "./show-setting.ts";

export type ListedSetting = {
  readonly path: string;
  readonly label: string;
  readonly value: string;
  /** What the preset says, where the run used something else; null where they agree. */
  readonly presetValue: string | null;
};

type UsedSettings = {
  readonly method: string;
  readonly preset: string;
  readonly settings: SettingsTree;
};

/**
 * The settings that a run used, in their order, with what differs from its preset.
 *
 * Nothing differs where this page does not know the method or the preset any more.
 */
export function listUsedSettings({ method, preset, settings }: UsedSettings): ListedSetting[] {
  const base = presetSettings(method, preset);
  return listPaths(settings).map((path) => {
    const value = showSetting(valueAt(settings, path));
    const meant = base === null ? undefined : valueAt(base, path);
    const presetValue = meant === undefined ? value : showSetting(meant);
    const label = path.split(".").map(nameToLabel).join(" · ");
    return { path, label, value, presetValue: presetValue === value ? null : presetValue };
  });
}

function presetSettings(method: string, preset: string): SettingsTree | null {
  const knownMethod = METHOD_NAMES.find((name) => name === method);
  const knownPreset = PRESET_NAMES.find((name) => name === preset);
  if (knownMethod === undefined || knownPreset === undefined) return null;
  return parseSettings(knownMethod, { preset: knownPreset });
}

function listPaths(settings: SettingsTree, prefix = ""): string[] {
  return Object.entries(settings).flatMap(([name, value]) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? listPaths(value as SettingsTree, `${prefix}${name}.`)
      : [`${prefix}${name}`],
  );
}
