"use client";

import { RotateCcw } from "lucide-react";

import { Button } from "../../../../components/button.tsx";
import { Field } from "../../../../components/field.tsx";
import { Select } from "../../../../components/select.tsx";
import { Switch } from "../../../../components/switch.tsx";
import { TextInput } from "../../../../components/text-input.tsx";
import type { SingleField } from "./describe-settings.ts";
import { showSetting } from "./show-setting.ts";

type SettingRowProps = {
  readonly field: SingleField;
  /** What the preset says. */
  readonly base: unknown;
  /** What the person typed instead; undefined where they left it alone. */
  readonly edit: string | boolean | undefined;
  readonly problem: string | undefined;
  /** Undefined goes back to the preset. */
  readonly onEdit: (edit: string | boolean | undefined) => void;
};

/** One setting: its control, its sentence, and the way back to the preset. */
export function SettingRow({ field, base, edit, problem, onEdit }: SettingRowProps) {
  const meant = showSetting(base);
  const text = edit === undefined ? meant : String(edit);
  const change = (next: string) => onEdit(next === meant ? undefined : next);
  return (
    <div data-setting={field.path} className="flex items-start gap-1">
      <div className="min-w-0 grow">
        <Field label={field.label} hint={field.help} error={problem}>
          {(ids) => {
            switch (field.kind) {
              case "switch":
                return (
                  <Switch
                    {...ids}
                    checked={edit === undefined ? base === true : edit === true}
                    onCheckedChange={(isOn) => onEdit(isOn === base ? undefined : isOn)}
                  />
                );
              case "choice":
                return (
                  <Select
                    {...ids}
                    value={text}
                    disabled={field.options.length === 1}
                    onChange={(event) => change(event.target.value)}
                  >
                    {field.options.map((option) => (
                      <option key={showSetting(option)}>{showSetting(option)}</option>
                    ))}
                  </Select>
                );
              case "number":
              case "text":
              case "json":
                return (
                  <TextInput
                    {...ids}
                    inputMode={field.kind === "number" ? "decimal" : "text"}
                    autoComplete="off"
                    spellCheck={false}
                    value={text}
                    onChange={(event) => change(event.target.value)}
                  />
                );
            }
          }}
        </Field>
      </div>
      <Button
        tone="quiet"
        size="iconSm"
        className={edit === undefined ? "invisible mt-6" : "mt-6"}
        aria-label={`Reset ${field.label} to ${meant}`}
        title={`Preset: ${meant}`}
        onClick={() => onEdit(undefined)}
      >
        <RotateCcw aria-hidden className="size-3.5" />
      </Button>
    </div>
  );
}
