import {
  type MethodName,
  parseSettings,
  type PresetName,
  SettingsError,
} from "@loupe/model/catalog";

import type { SettingField, SettingValue, SingleField } from "./describe-settings.ts";
import { listFields } from "./describe-settings.ts";
import { expectation } from "./expectation.ts";
import { showSetting } from "./show-setting.ts";

export type SettingsTree = Readonly<Record<string, unknown>>;

/** What a person has typed, by dotted name, as text where the field is a text box. */
export type SettingEdits = Readonly<Record<string, string | boolean>>;

export type ReadEdits = {
  /** The edits as settings, nested; only those that can be read. */
  readonly settings: Record<string, SettingJson>;
  /** Why an edit is refused, by dotted name. */
  readonly problems: Readonly<Record<string, string>>;
};
type SettingJson = SettingValue | SettingJson[] | { [name: string]: SettingJson };

/** The value at a dotted name. */
export function valueAt(settings: SettingsTree, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (tree, name) =>
        typeof tree === "object" && tree !== null ? Reflect.get(tree, name) : undefined,
      settings,
    );
}

type EditedMethod = {
  readonly method: MethodName;
  readonly preset: PresetName;
  readonly fields: readonly SettingField[];
};

/** Check edits against their fields and, when each is fine by itself, against the whole method. */
export function readEdits(
  { method, preset, fields }: EditedMethod,
  edits: SettingEdits,
): ReadEdits {
  const settings: ReadEdits["settings"] = {};
  const problems: Record<string, string> = {};
  for (const field of listFields(fields)) {
    const edit = edits[field.path];
    if (edit === undefined) continue;
    const value = readEdit(field, edit);
    if (value === undefined) problems[field.path] = `${expectation(field)}.`;
    else place(settings, field.path, value);
  }
  if (Object.keys(problems).length > 0) return { settings, problems };
  try {
    parseSettings(method, { preset, settings });
    return { settings, problems };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return { settings, problems: { [error.setting]: error.message } };
  }
}

/** The value of an edit, or undefined when the field does not take it. */
function readEdit(field: SingleField, edit: string | boolean): SettingJson | undefined {
  switch (field.kind) {
    case "switch":
      return edit === true;
    case "choice":
      return field.options.find((option) => showSetting(option) === edit);
    case "text":
      return field.pattern?.test(String(edit)) === false ? undefined : String(edit);
    case "number": {
      const value = edit === "" ? Number.NaN : Number(edit);
      const { isInteger, min, max, isMinOpen, isMaxOpen, multipleOf } = field;
      const isRefused =
        !Number.isFinite(value) ||
        (isInteger && !Number.isInteger(value)) ||
        (min !== null && (isMinOpen ? value <= min : value < min)) ||
        (max !== null && (isMaxOpen ? value >= max : value > max)) ||
        (multipleOf !== null && isInteger && value % multipleOf !== 0);
      return isRefused ? undefined : value;
    }
    case "json":
      try {
        return JSON.parse(String(edit)) as SettingJson;
      } catch {
        return undefined;
      }
  }
}

function place(tree: Record<string, SettingJson>, path: string, value: SettingJson): void {
  const [head = "", ...rest] = path.split(".");
  if (rest.length === 0) {
    tree[head] = value;
    return;
  }
  const present = tree[head];
  const group = typeof present === "object" && present !== null && !Array.isArray(present);
  const child = group ? present : {};
  tree[head] = child;
  place(child, rest.join("."), value);
}
