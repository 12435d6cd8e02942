import { z } from "zod";

import type { MethodEntry, PresetName } from "./method-entry.ts";
import { METHODS, type MethodName } from "./methods.ts";

/** A setting that a method does not have, or a value that it does not take. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";

  constructor(
    message: string,
    /** The setting at fault, dotted when it is nested. */
    readonly setting: string,
  ) {
    super(message);
  }
}

export type SettingsChoice = {
  /** Default `fast`. */
  readonly preset?: PresetName;
  /** Values put over the preset's, nested as the settings are. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Single values by dotted name as a person types them, such as `noise` → `0.3`; they win. */
  readonly set?: Readonly<Record<string, string>>;
};

type Tree = Record<string, unknown>;

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function merged(base: Tree, over: Readonly<Tree>): Tree {
  const result: Tree = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const known = result[key];
    result[key] = isTree(known) && isTree(value) ? merged(known, value) : value;
  }
  return result;
}

function unwrapped(schema: unknown): unknown {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault
    ? unwrapped(schema.unwrap())
    : schema;
}

/** The names of all single settings of a schema, nested ones dotted. */
export function settingNames(schema: z.ZodObject): string[] {
  return Object.entries(schema.shape).flatMap(([name, field]) => {
    const inner = unwrapped(field);
    return inner instanceof z.ZodObject
      ? settingNames(inner).map((nested) => `${name}.${nested}`)
      : [name];
  });
}

/** Numbers, booleans, lists and null as JSON has them; anything else is text. */
function typed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function nested(name: string, value: unknown): Tree {
  const [head = "", ...rest] = name.split(".");
  return { [head]: rest.length === 0 ? value : nested(rest.join("."), value) };
}

function valueAt(tree: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (isTree(value) ? value[String(key)] : undefined),
    tree,
  );
}

function toError(error: z.ZodError, given: Tree, entry: MethodEntry): SettingsError {
  const [issue] = error.issues;
  const path = issue?.path ?? [];
  if (issue?.code === "unrecognized_keys") {
    const name = [...path, issue.keys[0] ?? ""].join(".");
    return new SettingsError(
      `The method ${entry.name} has no setting ${name}. It has ` +
        `${settingNames(entry.settings).join(", ")}.`,
      name,
    );
  }
  const name = path.join(".");
  const got = JSON.stringify(valueAt(given, path)) ?? "nothing";
  return new SettingsError(
    `Setting ${name} of ${entry.name}: ${issue?.message ?? "not understood"} (got ${got}).`,
    name,
  );
}

/**
 * A method's settings in full: its defaults, over them the preset's, over them the caller's.
 *
 * @throws SettingsError that names the setting that is unknown or out of range
 */
export function parseSettings(
  method: MethodName,
  { preset = "fast", settings = {}, set = {} }: SettingsChoice,
): Record<string, unknown> {
  const entry: MethodEntry = METHODS[method];
  let given = merged(merged({}, entry.presets[preset].settings), settings);
  for (const [name, text] of Object.entries(set)) given = merged(given, nested(name, typed(text)));
  const parsed = entry.settings.safeParse(given);
  if (parsed.success) return parsed.data;
  throw toError(parsed.error, given, entry);
}

/** Steps of a preset for that many training images, and its batch size. */
export function presetRun(
  method: MethodName,
  preset: PresetName,
  images: number,
): { steps: number; batch: number } {
  const entry: MethodEntry = METHODS[method];
  const { steps, epochs, batch = entry.defaults.batch } = entry.presets[preset].run;
  if (steps !== undefined) return { steps, batch };
  // A last batch that would not be full is left out, as the papers do.
  const stepsPerEpoch = Math.max(1, Math.floor(images / batch));
  return { steps: epochs === undefined ? entry.defaults.steps : epochs * stepsPerEpoch, batch };
}
