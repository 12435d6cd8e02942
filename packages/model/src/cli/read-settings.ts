import { PRESET_NAMES, type PresetName } from "../catalog/method-entry.ts";
import type { MethodName } from "../catalog/methods.ts";
import { parseSettings, SettingsError } from "../catalog/parse-settings.ts";
import { UsageError } from "./command.ts";
import type { Arguments } from "./read-arguments.ts";

/** `--preset`, else the fast one. */
export function readPreset(args: Arguments): PresetName {
  return args.choice("preset", PRESET_NAMES, "fast");
}

/** `--set` pairs with what `--plugin` stands for. */
export function readAssignments(args: Arguments): Record<string, string> {
  const plugin = args.text("plugin");
  return { ...args.assignments("set"), ...(plugin !== null && { plugin }) };
}

function settingsJson(args: Arguments): Record<string, unknown> {
  const text = args.text("settings") ?? "{}";
  const refuse = (): never => {
    throw new UsageError(`Expected a JSON object for --settings, got "${text}".`);
  };
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? { ...value } : refuse();
  } catch {
    return refuse();
  }
}

/** A call of `work` whose refusal of a setting is the caller's mistake. */
export function asUsage<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof SettingsError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

/** A method's settings in full from `--preset`, `--settings`, `--set` and `--plugin`. */
export function readSettings(args: Arguments, method: MethodName): Record<string, unknown> {
  const choice = {
    preset: readPreset(args),
    settings: settingsJson(args),
    set: readAssignments(args),
  };
  return asUsage(() => parseSettings(method, choice));
}
