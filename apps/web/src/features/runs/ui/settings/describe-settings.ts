import type { MethodEntry } from "@loupe/model/catalog";
import { z } from "zod";

type Described = {
  /** Name in the settings, dotted inside of a group: `decad.delta`. */
  readonly path: string;
  readonly label: string;
  readonly help: string;
};

export type NumberField = Described & {
  readonly kind: "number";
  readonly isInteger: boolean;
  readonly min: number | null;
  readonly max: number | null;
  /** The bounds themselves are not allowed. */
  readonly isMinOpen: boolean;
  readonly isMaxOpen: boolean;
  readonly multipleOf: number | null;
};
export type SingleField =
  | NumberField
  | (Described & { readonly kind: "choice"; readonly options: readonly SettingValue[] })
  | (Described & { readonly kind: "switch" })
  | (Described & { readonly kind: "text"; readonly pattern: RegExp | null })
  /** Anything else, written as JSON. */
  | (Described & { readonly kind: "json" });
export type SettingGroup = Described & {
  readonly kind: "group";
  readonly fields: readonly SettingField[];
};
export type SettingField = SingleField | SettingGroup;
export type SettingValue = string | number | boolean | null;

/** The parts of JSON Schema that zod's settings become. */
const Node = z.looseObject({
  type: z.string().optional(),
  description: z.string().optional(),
  enum: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
  const: z.union([z.string(), z.number(), z.boolean(), z.null()]).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
  multipleOf: z.number().optional(),
  pattern: z.string().optional(),
  get anyOf() {
    return z.array(Node).optional();
  },
  get properties() {
    return z.record(z.string(), Node).optional();
  },
});
type Node = z.infer<typeof Node>;

/**
 * A method's settings as fields of a form, in the schema's order.
 *
 * Read through JSON Schema, which says the same of every schema that a method may write: bounds,
 * choices, groups and the sentence that explains each.
 */
export function describeSettings(schema: MethodEntry["settings"]): SettingField[] {
  return describeGroup(Node.parse(z.toJSONSchema(schema, { io: "input" })), "");
}

/** All single fields, those of groups included. */
export function listFields(fields: readonly SettingField[]): SingleField[] {
  return fields.flatMap((field) => (field.kind === "group" ? listFields(field.fields) : [field]));
}

function describeGroup(node: Node, prefix: string): SettingField[] {
  return Object.entries(node.properties ?? {}).map(([name, child]) =>
    describeField(child, { name, path: `${prefix}${name}` }),
  );
}

function describeField(node: Node, { name, path }: { name: string; path: string }): SettingField {
  const described = { path, label: nameToLabel(name), help: node.description ?? "" };
  const options = listOptions(node);
  if (options !== null) return { ...described, kind: "choice", options };
  switch (node.type) {
    case "object":
      return { ...described, kind: "group", fields: describeGroup(node, `${path}.`) };
    case "boolean":
      return { ...described, kind: "switch" };
    case "integer":
    case "number":
      return { ...described, kind: "number", ...describeRange(node) };
    case "string": {
      const pattern = node.pattern === undefined ? null : new RegExp(node.pattern, "u");
      return { ...described, kind: "text", pattern };
    }
    default:
      return { ...described, kind: "json" };
  }
}

/** The values of an enumeration, a literal or a union of literals; null for everything else. */
function listOptions(node: Node): SettingValue[] | null {
  if (node.enum !== undefined) return node.enum;
  if (node.const !== undefined) return [node.const];
  const parts = node.anyOf?.map(listOptions);
  if (parts === undefined || parts.some((part) => part === null)) return null;
  return parts.flatMap((part) => part ?? []);
}

function describeRange(node: Node) {
  const isInteger = node.type === "integer";
  // zod bounds whole numbers by what a double counts exactly, which is no bound for people.
  const bound = (value: number | undefined) =>
    value === undefined || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? null : value;
  return {
    isInteger,
    min: bound(node.minimum ?? node.exclusiveMinimum),
    max: bound(node.maximum ?? node.exclusiveMaximum),
    isMinOpen: node.minimum === undefined && node.exclusiveMinimum !== undefined,
    isMaxOpen: node.maximum === undefined && node.exclusiveMaximum !== undefined,
    multipleOf: node.multipleOf ?? null,
  };
}

/** Names that are no words. */
const SPELLED: Readonly<Record<string, string>> = { moe: "Mixture of experts", decad: "DecAD" };

/** `warmupShare` → "Warmup share". */
export function nameToLabel(name: string): string {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
  return SPELLED[name] ?? words.charAt(0).toUpperCase() + words.slice(1);
}
