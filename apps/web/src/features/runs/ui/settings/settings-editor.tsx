"use client";

import { ChevronRight, RotateCcw } from "lucide-react";
import { useId, useState } from "react";

import { Button } from "../../../../components/button.tsx";
import { TextInput } from "../../../../components/text-input.tsx";
import { cn } from "../../../../lib/cn.ts";
import { formatCount } from "../../../../lib/format-count.ts";
import { listFields, type SettingField, type SingleField } from "./describe-settings.ts";
import { type SettingEdits, type SettingsTree, valueAt } from "./setting-edits.ts";
import { SettingRow } from "./setting-row.tsx";

/** From this many settings on, a box finds them by name. */
const SEARCHED_FROM = 12;

type SettingsEditorProps = {
  readonly fields: readonly SettingField[];
  /** The preset's settings in full. */
  readonly base: SettingsTree;
  readonly edits: SettingEdits;
  readonly problems: Readonly<Record<string, string>>;
  readonly onEdits: (edits: SettingEdits) => void;
};

/** All settings of a method, folded away until someone wants to see or change them. */
export function SettingsEditor({ fields, base, edits, problems, onEdits }: SettingsEditorProps) {
  const panelId = useId();
  const [isAsked, setIsAsked] = useState(false);
  const [search, setSearch] = useState("");
  const changed = Object.keys(edits).length;
  // What is refused must be in view.
  const isOpen = isAsked || Object.keys(problems).length > 0;
  const count = listFields(fields).length;

  const edit = (path: string, value: string | boolean | undefined) => {
    const others = Object.entries(edits).filter(([name]) => name !== path);
    onEdits(Object.fromEntries(value === undefined ? others : [...others, [path, value]]));
  };
  const row = (field: SingleField) => (
    <SettingRow
      key={field.path}
      field={field}
      base={valueAt(base, field.path)}
      edit={edits[field.path]}
      problem={problems[field.path]}
      onEdit={(value) => edit(field.path, value)}
    />
  );
  const current = (path: string) => edits[path] ?? valueAt(base, path);
  const plain = fields.filter((field) => field.kind !== "group" && isFound(field, search));

  return (
    <section aria-label="Settings" className="border-line rounded-md border">
      <div className="flex items-center gap-2 px-1 py-1">
        <Button
          tone="quiet"
          aria-expanded={isOpen}
          aria-controls={panelId}
          onClick={() => setIsAsked(!isOpen)}
        >
          <ChevronRight
            aria-hidden
            className={cn("size-4 transition-transform", isOpen && "rotate-90")}
          />
          All settings
        </Button>
        <span className="num text-ink-3 text-sm">
          {changed === 0
            ? `${formatCount(count, "setting")}, as in the preset`
            : `${changed} of ${formatCount(count, "setting")} changed`}
        </span>
        {changed > 0 && (
          <Button size="sm" tone="quiet" className="ml-auto" onClick={() => onEdits({})}>
            <RotateCcw aria-hidden className="size-3.5" /> Reset to preset
          </Button>
        )}
      </div>
      {isOpen && (
        <div id={panelId} className="border-line grid gap-3 border-t p-3">
          {count >= SEARCHED_FROM && (
            <TextInput
              type="search"
              aria-label="Find a setting"
              placeholder="Find a setting"
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          )}
          <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2">
            {plain.map((field) => field.kind !== "group" && row(field))}
          </div>
          {fields.map((field) => {
            if (field.kind !== "group" || !isInUse(field.path, fields, current)) return null;
            const found = listFields(field.fields).filter((inner) => isFound(inner, search));
            if (found.length === 0) return null;
            return (
              <fieldset key={field.path} className="border-line rounded-md border p-3">
                <legend className="px-1 text-sm font-semibold">{field.label}</legend>
                {field.help !== "" && <p className="text-ink-3 mb-2 text-xs">{field.help}</p>}
                <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2">{found.map(row)}</div>
              </fieldset>
            );
          })}
          {search !== "" && plain.length === 0 && (
            <p className="text-ink-3 text-sm">No setting of that name outside of the groups.</p>
          )}
        </div>
      )}
    </section>
  );
}

function isFound({ path, label, help }: SettingField, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  return wanted === "" || `${path} ${label} ${help}`.toLowerCase().includes(wanted);
}

/** A plug-in's settings are of use when the plug-in is chosen; every other group always is. */
function isInUse(
  group: string,
  fields: readonly SettingField[],
  current: (path: string) => unknown,
): boolean {
  const plugin = fields.find((field) => field.path === "plugin");
  if (plugin?.kind !== "choice" || !plugin.options.includes(group)) return true;
  return current("plugin") === group;
}
